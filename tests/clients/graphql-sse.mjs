// graphql-sse's own client, a connection an operation.
import { createClient } from "graphql-sse";
import { COMPLETE, VIEWER, UPDATES, complete, given, headers, tell, url } from "./given.mjs";

const client = createClient({ url, headers, retryAttempts: 0 });

async function all(request) {
  const results = [];
  for await (const result of client.iterate(request)) results.push(result);
  return results;
}

const query = await all({ query: VIEWER });
const unsound = await all({ query: "{ nothing }" });
const mutation = await all({ query: COMPLETE, variables: { lesson: given.lessons[0], key: "sse" } });

const events = client.iterate({ query: UPDATES, variables: { id: given.course } });
const begun = (await events.next()).value;
await complete(1);
const changed = (await events.next()).value;
await events.return();

tell({
  query: query.map((result) => result.data),
  unsound: unsound.map((result) => result.errors[0].extensions.code),
  mutation: mutation.map((result) => result.data.completeLesson.__typename),
  events: [begun.data.progressUpdated.completed, changed.data.progressUpdated.completed],
});
