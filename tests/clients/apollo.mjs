// Apollo Client 4: query, mutation, persisted queries by GET, `@defer`, a subscription by socket.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { GraphQL17Alpha9Handler } from "@apollo/client/incremental";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { createHash } from "node:crypto";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { COMPLETE, VIEWER, UPDATES, complete, given, headers, socketUrl, tell, url } from "./given.mjs";

const requests = [];
const noted = async (uri, options) => {
  const answer = await fetch(uri, options);
  requests.push({
    method: options.method,
    type: answer.headers.get("content-type"),
    hasText: String(uri).includes("query=") || String(options.body).includes('"query"'),
  });
  return answer;
};
const http = (more) => new HttpLink({ uri: url, headers, fetch: noted, ...more });
const client = (link) =>
  new ApolloClient({
    cache: new InMemoryCache(),
    link,
    incrementalHandler: new GraphQL17Alpha9Handler(),
    clientAwareness: { name: "tests", version: "1" },
  });
const took = () => requests.splice(0);

const plain = client(http());
const query = await plain.query({ query: gql(VIEWER) });
const mutation = await plain.mutate({
  mutation: gql(COMPLETE),
  variables: { lesson: given.lessons[0], key: "apollo" },
});
const posted = took();

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const persisting = new PersistedQueryLink({ sha256, useGETForHashedQueries: true });
const document = gql(`query Persisted${Date.now()} { viewer { name } }`);
const persisted = [];
for (let n = 0; n < 2; n += 1) {
  const answer = await client(ApolloLink.from([persisting, http()])).query({ query: document });
  persisted.push(answer.data.viewer.name);
}
const persistedRequests = took();

const DEFER = gql(`query Deferred($id: ID!) {
  course(id: $id) { id title ... @defer { progress { completed total } } }
}`);
const seen = [];
await new Promise((done, fail) =>
  client(http())
    .watchQuery({ query: DEFER, variables: { id: given.course } })
    .subscribe({
      next: ({ data, dataState }) => {
        seen.push([dataState, Boolean(data?.course?.title), data?.course?.progress?.total ?? null]);
        if (dataState === "complete") done();
      },
      error: fail,
    }),
);
const deferred = took();

const socket = createClient({ url: socketUrl, webSocketImpl: WebSocket, connectionParams: headers });
const events = [];
await new Promise((done, fail) =>
  client(new GraphQLWsLink(socket))
    .subscribe({ query: gql(UPDATES), variables: { id: given.course } })
    .subscribe({
      next: ({ data, error }) => {
        if (error) fail(error);
        events.push(data.progressUpdated.completed);
        if (events.length === 1) complete(1);
        if (events.length === 2) done();
      },
      error: fail,
    }),
);

tell({
  query: query.data.viewer.name,
  mutation: mutation.data.completeLesson.__typename,
  posted,
  persisted,
  persistedRequests,
  seen,
  deferred,
  events,
});
