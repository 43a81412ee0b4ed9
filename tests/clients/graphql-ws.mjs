// graphql-ws's own client: query, subscription, refusals, pings, and what closes it.
import { createHash } from "node:crypto";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { VIEWER, UPDATES, complete, given, headers, socketUrl, tell } from "./given.mjs";

const closes = [];
function client(params, more = {}) {
  return createClient({
    url: socketUrl,
    webSocketImpl: WebSocket,
    connectionParams: params,
    retryAttempts: 0,
    on: { closed: (event) => closes.push(event.code) },
    ...more,
  });
}

async function first(of, request) {
  for await (const result of of.iterate(request)) return result;
}

const good = client(headers);
const query = await first(good, { query: VIEWER });
const unsound = await first(good, { query: "{ nothing }" }).catch((errors) => errors);

// A document that is registered once is named by its hash alone from then on.
const text = `query Persisted${Date.now()} { viewer { name } }`;
const sha256Hash = createHash("sha256").update(text).digest("hex");
const extensions = { persistedQuery: { version: 1, sha256Hash } };
const code = (errors) => errors[0].extensions.code;
const unknown = await first(good, { query: "", extensions }).catch(code);
await first(good, { query: text, extensions });
const known = (await first(good, { query: "", extensions })).data.viewer.name;

const events = good.iterate({ query: UPDATES, variables: { id: given.course } });
const begun = (await events.next()).value;
await complete(0);
const changed = (await events.next()).value;
await events.return();

let pongs = 0;
const pinging = client(headers, { lazy: false, keepAlive: 50, on: { pong: () => (pongs += 1) } });
await new Promise((done) => setTimeout(done, 400));
await pinging.dispose();
await good.dispose();

const forged = await first(client({ authorization: "Bearer forged" }), { query: VIEWER }).catch(
  (event) => event.code,
);
tell({
  query: query.data,
  unsound: unsound.map((error) => error.extensions.code),
  events: [begun.data.progressUpdated.completed, changed.data.progressUpdated.completed],
  pongs,
  forged,
  persisted: [unknown, known],
});
