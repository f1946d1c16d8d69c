// A client of Tenure's OAuth that shares no code with it: Node 20 and the package oauth4webapi.
//
// It writes what it did as lines of JSON, each with a `step`, and is led by lines on its standard input.
// First it finds the server by its metadata and writes the address to open (`authorize`). The first line
// that it reads is the address to which the browser was sent back; then it exchanges the code. Each further
// line is a word: `refresh`, `introspect` (as a resource server) or `revoke`. It ends with its input. What
// goes wrong is a step `failed`, and an exit status of 1; but for `try`, which refreshes as a program does that
// nobody looks after: a refusal is a step `refused`, and it goes on with the pair that it has.
//
//   TENURE_OAUTH4WEBAPI           the folder of the package
//   TENURE_ISSUER                 http://127.0.0.1:8080
//   TENURE_CLIENT_ID, TENURE_CLIENT_SECRET, TENURE_REDIRECT_URI
//   TENURE_SCOPE                  what to ask for; without it, all that the client may
//   TENURE_API_ID, TENURE_API_SECRET   of a client that is registered with "resource_server": true
//
// The tokens are printed too, so it is for tests alone.

import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const given = (name) => {
  const value = process.env[`TENURE_${name}`];
  if (!value) throw new Error(`TENURE_${name} is not set`);
  return value;
};
const print = (step, facts = {}) => console.log(JSON.stringify({ step, ...facts }));

const entry = join(given("OAUTH4WEBAPI"), "build", "index.js");
const oauth = await import(pathToFileURL(entry));
// The server of a test has no TLS.
const plain = { [oauth.allowInsecureRequests]: true };

async function discover() {
  const issuer = new URL(given("ISSUER"));
  const response = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...plain });
  // Checks that the metadata is this issuer's (RFC 8414, section 3.3).
  const server = await oauth.processDiscoveryResponse(issuer, response);
  print("discovered", { issuer: server.issuer });
  return server;
}

/** The first pair, by the code flow with PKCE (RFC 6749, section 4.1; RFC 7636). */
async function authorize(server, client, authentication, lines) {
  const redirectUri = given("REDIRECT_URI");
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const address = new URL(server.authorization_endpoint);
  const parameters = {
    response_type: "code",
    client_id: client.client_id,
    redirect_uri: redirectUri,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  };
  if (process.env.TENURE_SCOPE) parameters.scope = process.env.TENURE_SCOPE;
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  print("authorize", { url: address.href });

  const { value: back } = await lines.next();
  // Checks `state`, and `iss` (RFC 9207); throws the server's error if there is one.
  const answer = oauth.validateAuthResponse(server, client, new URL(back), state);
  const response = await oauth.authorizationCodeGrantRequest(
    server, client, authentication, answer, redirectUri, verifier, plain,
  );
  const pair = await oauth.processAuthorizationCodeResponse(server, client, response);
  print("exchanged", pair);
  return pair;
}

async function refresh(server, client, authentication, pair) {
  const response = await oauth.refreshTokenGrantRequest(
    server, client, authentication, pair.refresh_token, plain,
  );
  const next = await oauth.processRefreshTokenResponse(server, client, response);
  print("refreshed", next);
  return next;
}

async function tryToRefresh(server, client, authentication, pair) {
  try {
    return await refresh(server, client, authentication, pair);
  } catch (error) {
    if (!error.error) throw error;
    print("refused", { error: error.error });
    return pair;
  }
}

async function introspect(server, token) {
  const api = { client_id: given("API_ID") };
  const authentication = oauth.ClientSecretBasic(given("API_SECRET"));
  const response = await oauth.introspectionRequest(server, api, authentication, token, plain);
  print("introspected", await oauth.processIntrospectionResponse(server, api, response));
}

async function revoke(server, client, authentication, token) {
  const response = await oauth.revocationRequest(server, client, authentication, token, plain);
  await oauth.processRevocationResponse(response);
  print("revoked");
}

async function main() {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const client = { client_id: given("CLIENT_ID") };
  const authentication = oauth.ClientSecretBasic(given("CLIENT_SECRET"));
  const server = await discover();
  let pair = await authorize(server, client, authentication, lines);
  for await (const word of lines) {
    if (word === "refresh") pair = await refresh(server, client, authentication, pair);
    else if (word === "try") pair = await tryToRefresh(server, client, authentication, pair);
    else if (word === "introspect") await introspect(server, pair.access_token);
    else if (word === "revoke") await revoke(server, client, authentication, pair.refresh_token);
    else throw new Error(`nothing is known of "${word}"`);
  }
}

main().catch((error) => {
  print("failed", { error: error.error ?? error.code ?? error.name, message: error.message });
  process.exitCode = 1;
  process.stdin.destroy();
});
