// An API that asks Tenure itself, by introspection (RFC 7662): Node 20, no package.
//
//   TENURE_ISSUER          https://tenure.example
//   TENURE_CLIENT_ID       of a client that is registered with "resource_server": true
//   TENURE_CLIENT_SECRET   its secret
//   CACHE_SECONDS          how long an answer may be used again (5); 0 asks every time
//   PORT                   where it listens on 127.0.0.1 (0: any)

import { createHash } from "node:crypto";
import { createServer } from "node:http";

const issuer = process.env.TENURE_ISSUER;
const cacheMillis = 1000 * Number(process.env.CACHE_SECONDS ?? 5);
const MOST_CACHED = 10_000;

// client_secret_basic: both are form-encoded before they are joined (RFC 6749, section 2.3.1).
const basic = [process.env.TENURE_CLIENT_ID, process.env.TENURE_CLIENT_SECRET]
  .map((text) => new URLSearchParams([["", text]]).toString().slice(1))
  .join(":");
const authorization = `Basic ${Buffer.from(basic).toString("base64")}`;

/** Answers that said "active", by the token's hash: no secret lies in memory longer than its call. */
const cache = new Map();

/**
 * What Tenure says of the token. Only "active" is cached: a token that was just generated works at once,
 * and whoever shows dead ones gets nothing that could be filled up. An answer is used until CACHE_SECONDS
 * have passed, and never at or after `exp`; for as long, a revocation is not noticed here.
 */
async function introspect(token) {
  const key = createHash("sha256").update(token).digest("base64");
  const known = cache.get(key);
  if (known && Date.now() < known.until) return known.answer;
  cache.delete(key);

  const asked = Date.now();
  const response = await fetch(`${issuer}/oauth/introspect`, {
    method: "POST",
    headers: { authorization },
    body: new URLSearchParams({ token }),
    redirect: "error",
    signal: AbortSignal.timeout(5000),
  });
  if (!response.ok) throw new Error(`introspection answered ${response.status}`);
  const answer = await response.json();
  if (answer.active) {
    const end = answer.exp === undefined ? Infinity : answer.exp * 1000;
    if (cache.size >= MOST_CACHED) cache.delete(cache.keys().next().value);
    cache.set(key, { answer, until: Math.min(asked + cacheMillis, end) });
  }
  return answer;
}

/** Whose call it is, or why it is refused: 401 speaks of the token, 403 of what it may do. */
async function authorize(request, scope) {
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  if (scheme.toLowerCase() !== "bearer" || !token) return { status: 401, challenge: "Bearer" };
  let answer;
  try {
    answer = await introspect(token);
  } catch (error) {
    console.error(error.message);
    return { status: 503 }; // Tenure cannot tell: never as good.
  }
  if (!answer.active) return { status: 401, challenge: 'Bearer error="invalid_token"' };
  if (!answer.scope.split(" ").includes(scope)) {
    return { status: 403, challenge: `Bearer error="insufficient_scope", scope="${scope}"` };
  }
  return { status: 200, sub: answer.sub, plan: answer.plan };
}

const server = createServer(async (request, response) => {
  const writes = !["GET", "HEAD"].includes(request.method);
  const { status, challenge, ...caller } = await authorize(request, writes ? "orders:write" : "orders:read");
  if (challenge) response.setHeader("WWW-Authenticate", challenge);
  if (status === 503) response.setHeader("Retry-After", "1");
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(caller));
});
server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
  console.log(`listens on http://127.0.0.1:${server.address().port}`);
});
