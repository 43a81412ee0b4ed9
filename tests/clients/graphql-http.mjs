// graphql-http's audits of a server, one result each.
import { serverAudits } from "graphql-http";
import { given, headers, tell, url } from "./given.mjs";

const signedIn = (input, init = {}) =>
  fetch(input, { ...init, headers: { ...headers, ...(init.headers ?? {}) } });

const results = [];
for (const audit of serverAudits({ url, fetchFn: given.token ? signedIn : fetch })) {
  const { id, name, status, reason } = await audit.fn();
  results.push({ id, name, status, ...(reason ? { reason } : {}) });
}
tell(results);
