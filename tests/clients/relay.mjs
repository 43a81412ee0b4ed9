// relay-runtime: a query, and the next pages of its connection, by an artifact of its compiler.
import { createRequire } from "node:module";
import { given, headers, tell, url } from "./given.mjs";
import courses from "./relay/coursesQuery.graphql.js";

const {
  Environment,
  Network,
  RecordSource,
  Store,
  createOperationDescriptor,
  fetchQuery,
} = createRequire(import.meta.url)("relay-runtime");

const asked = [];
const network = Network.create(async (request, variables) => {
  asked.push(variables);
  const answer = await fetch(url, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ query: request.text, variables }),
  });
  return answer.json();
});
const environment = new Environment({ network, store: new Store(new RecordSource()) });
const shown = () => {
  const { fragment } = createOperationDescriptor(courses, { first: given.first });
  return environment.lookup(fragment).data.viewer.courses;
};
environment.retain(createOperationDescriptor(courses, { first: given.first }));

let after = null;
const pages = [];
do {
  const data = await fetchQuery(environment, courses, { first: given.first, after }).toPromise();
  pages.push(shown().edges.length);
  after = shown().pageInfo.hasNextPage ? shown().pageInfo.endCursor : null;
} while (after);

tell({
  pages,
  titles: shown().edges.map((edge) => edge.node.title),
  totals: shown().edges.map((edge) => edge.node.progress.total),
  asked: asked.length,
});
