// GraphQL Code Generator: types from the server's introspection, and a query that TypeScript finds right; one with a
// field that is not there, it does not.

import assert from "node:assert/strict";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "@graphql-codegen/cli";
import ts from "typescript";
import { TARGETS } from "./queries.js";

const folder = await mkdtemp(join(tmpdir(), "plangraph-codegen-"));
try {
  const file = join(folder, "query.ts");
  const use = (field) => `import { graphql } from "./generated";
import type { ResultOf } from "@graphql-typed-document-node/core";
const targets = graphql(\`${TARGETS}\`);
type Figure = ResultOf<typeof targets>["indicators"]["nodes"][number];
export const value = (figure: Figure): number => figure.${field};
`;
  await symlink(join(import.meta.dirname ?? ".", "node_modules"), join(folder, "node_modules"));
  const check = async (field) => {
    await writeFile(file, use(field));
    const program = ts.createProgram([file], {
      strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
    });
    return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
  };
  await writeFile(file, use("value"));
  await generate({
    schema: process.argv[2], documents: file, silent: true,
    generates: { [`${join(folder, "generated")}/`]: { preset: "client", config: { scalars: { Date: "string", DateTime: "string" }, strictScalars: true } } },
  }, true);
  assert.deepEqual(await check("value"), []);
  assert.equal((await check("nothing")).length, 1);
} finally {
  await rm(folder, { recursive: true });
}
console.log("GraphQL Code Generator: types of a query that TypeScript holds it to");
