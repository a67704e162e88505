// What every client asks, and what it must be told. The server has the figures of the demo.

import assert from "node:assert/strict";

export const TARGETS = `query Targets($region: String!, $year: Int!) {
  indicators(filter: { regions: [$region], roles: [TARGET], year: { ge: $year, le: $year } }, first: 5) {
    totalCount
    nodes { id name value region { name } }
  }
}`;

export const PAGE = `query Page($after: String) {
  plans(first: 2, after: $after) {
    totalCount
    nodes { id title }
    pageInfo { hasNextPage endCursor }
  }
}`;

export const WRONG = `query Wrong { sources { totalCount } node(id: "%") { id } }`;

export const RUN = `query Run { crawlRuns(first: 1) { nodes { id } } }`;

export const PROGRESS = `subscription Progress($run: ID!) { crawlProgress(run: $run) { stage run { id status } } }`;

export const variables = { region: "湖州市", year: 2025 };

export function checkTargets(data) {
  assert.ok(data.indicators.totalCount > 0, "Huzhou has targets");
  assert.ok(data.indicators.nodes.every((node) => node.region.name === "湖州市" && typeof node.value === "number"));
}

/** Goes through all pages; `ask` answers with the data of one. */
export async function checkPages(ask) {
  const seen = new Set();
  let after = null;
  for (;;) {
    const { plans } = await ask({ after });
    plans.nodes.forEach((node) => seen.add(node.id));
    if (!plans.pageInfo.hasNextPage) {
      assert.ok(seen.size > 2, "there is more than one page");
      assert.equal(seen.size, plans.totalCount, "each plan stands on one page");
      return;
    }
    after = plans.pageInfo.endCursor;
  }
}

/** A part of the answer, and an error beside it. */
export function checkWrong(data, errors) {
  assert.equal(errors[0].extensions.code, "BAD_ID");
  assert.deepEqual(errors[0].path, ["node"]);
  assert.ok(data.sources.totalCount > 0 && data.node === null);
}

export function checkProgress(heard, run) {
  assert.deepEqual(heard.map((data) => [data.crawlProgress.stage, data.crawlProgress.run.id]), [["ended", run]]);
}
