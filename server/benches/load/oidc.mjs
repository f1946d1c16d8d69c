// npm `oidc-provider` with the adapter that it has by default, in memory: what introspection in Tenure is
// measured beside.
//
// It issues opaque access tokens (client credentials) and then prints one line of JSON: its `port`, the
// `path` of introspection, and the `tokens`. It ends with its standard input, so it never outlives the
// bench. Nothing else of it is changed: no session store, no logging, no middleware.
//
//   TENURE_OIDC_PROVIDER          the folder of the package
//   TENURE_CLIENT_ID, TENURE_CLIENT_SECRET   of the client that asks, by HTTP basic authentication

import { join } from "node:path";
import { pathToFileURL } from "node:url";

// Its memory is for 1000 things and forgets the oldest; so many tokens are never forgotten.
const TOKENS = 500;

const given = (name) => {
  const value = process.env[`TENURE_${name}`];
  if (!value) throw new Error(`TENURE_${name} is not set`);
  return value;
};

const entry = join(given("OIDC_PROVIDER"), "lib", "index.js");
const { Provider } = await import(pathToFileURL(entry));
const client = {
  client_id: given("CLIENT_ID"),
  client_secret: given("CLIENT_SECRET"),
  token_endpoint_auth_method: "client_secret_basic",
  grant_types: ["client_credentials"],
  response_types: [],
  redirect_uris: [],
};
const provider = new Provider("http://127.0.0.1", {
  clients: [client],
  scopes: ["orders:read"],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
  },
  // They outlive the bench.
  ttl: { ClientCredentials: 86_400 },
});

const server = provider.listen(0, "127.0.0.1", async () => {
  const { port } = server.address();
  const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString("base64");
  const tokens = [];
  while (tokens.length < TOKENS) {
    const answer = await fetch(`http://127.0.0.1:${port}/token`, {
      method: "POST",
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams({ grant_type: "client_credentials", scope: "orders:read" }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    tokens.push((await answer.json()).access_token);
  }
  console.log(JSON.stringify({ port, path: "/token/introspection", tokens }));
});
process.stdin.resume().on("end", () => process.exit(0));
