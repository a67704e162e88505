// The audit of graphql-http: every MUST, SHOULD and MAY of GraphQL over HTTP that it knows.

import { auditServer } from "graphql-http";

const results = await auditServer({ url: process.argv[2] });
const failed = results.filter(({ status }) => status !== "ok");
for (const { name, status, reason } of failed) console.log(`${status}: ${name}: ${reason}`);
console.log(`GraphQL over HTTP: ${results.length - failed.length} of ${results.length} audits passed`);
process.exitCode = failed.length > 0 ? 1 : 0;
