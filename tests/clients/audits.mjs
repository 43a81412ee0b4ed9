// graphql-http's own audits of a server: what each says, by its name.
import { auditServer } from "graphql-http";
import { given, tell, url } from "./given.mjs";

const results = await auditServer({ url: given.at ?? url });
tell(results.map(({ id, name, status, reason }) => ({ id, name, status, reason })));
