// urql: query, GET, a subscription by SSE and one by socket.
import { createClient as createSocket } from "graphql-ws";
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from "@urql/core";
import WebSocket from "ws";
import { COMPLETE, VIEWER, UPDATES, complete, given, headers, socketUrl, tell, url } from "./given.mjs";

// Whoever unsubscribes aborts the stream, and urql leaves that abort to nobody.
process.on("unhandledRejection", (error) => {
  if (error.name !== "AbortError") throw error;
});

const requests = [];
const noted = async (uri, options) => {
  const answer = await fetch(uri, options);
  requests.push({ method: options.method, type: answer.headers.get("content-type") });
  return answer;
};
const common = { url, fetch: noted, fetchOptions: { headers } };
const byPost = new Client({ ...common, preferGetMethod: false, exchanges: [cacheExchange, fetchExchange] });
const byGet = new Client({ ...common, preferGetMethod: "force", exchanges: [cacheExchange, fetchExchange] });
const bySse = new Client({
  ...common,
  preferGetMethod: false,
  fetchSubscriptions: true,
  exchanges: [fetchExchange],
});
const socket = createSocket({ url: socketUrl, webSocketImpl: WebSocket, connectionParams: headers });
const bySocket = new Client({
  ...common,
  exchanges: [
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query, variables }) => ({
        subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query: query ?? "", variables }, sink) }),
      }),
    }),
  ],
});

const query = await byPost.query(VIEWER, {});
const got = await byGet.query(VIEWER, {});
const mutation = await byPost.mutation(COMPLETE, { lesson: given.lessons[0], key: "urql" });
const plain = requests.splice(0);

// Two events: what is, and what a lesson that is completed meanwhile changes.
function events(client, lesson) {
  const seen = [];
  return new Promise((done, fail) => {
    const { unsubscribe } = client.subscription(UPDATES, { id: given.course }).subscribe((result) => {
      if (result.error) return fail(result.error);
      seen.push(result.data.progressUpdated.completed);
      if (seen.length === 1) complete(lesson);
      if (seen.length === 2) {
        unsubscribe();
        done(seen);
      }
    });
  });
}

const sse = await events(bySse, 1);
const streamed = requests.splice(0);
const websocket = await events(bySocket, 2);

tell({
  query: query.data?.viewer.name ?? String(query.error),
  got: got.data?.viewer.name ?? String(got.error),
  mutation: mutation.data?.completeLesson.__typename ?? String(mutation.error),
  plain,
  sse,
  streamed,
  websocket,
});
