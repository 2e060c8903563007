/** What every experiment of exact checks must show: all statements hold, every check has a control, all are rejected. */
import assert from "node:assert/strict";
import { loadCorpus } from "../../src/claims/corpus.ts";
import type { Experiment } from "../../src/repro/experiment.ts";
import type { TableResult } from "../../src/report/result.ts";
import { gridTable } from "../../src/report/cells.ts";

export async function runExact(experiment: Experiment): Promise<TableResult> {
  return await experiment.run({
    scale: "smoke",
    dataset: undefined,
    methods: undefined,
    seeds: undefined,
    out: "",
    resume: false,
    say: () => {},
  });
}

const { sources } = await loadCorpus(new URL("../../claims/", import.meta.url));
const PUBLISHED = new Set(sources.flatMap((s) => s.statements.map(({ id }) => `${s.id}:${id}`)));

/**
 * Runs the experiment, asserts what is said above and gives the result. `ids` are the statements that it must make; a
 * sentence that one of them names must be among claims/. Verdicts are for tables, which the judge decides.
 */
export async function assertExact(experiment: Experiment, ids: readonly string[]): Promise<TableResult> {
  assert.equal(experiment.needsAdapter, false);
  const result = await runExact(experiment);
  assert.deepEqual(result.claims, []);
  assert.deepEqual(result.checks.map((c) => c.id), ids);
  for (const check of result.checks) {
    assert.equal(check.outcome, "holds", `${check.id}: ${check.inequality}`);
    assert.match(check.inequality, /\d/);
    for (const [named] of check.question.matchAll(/\b[a-z]+:[a-z][\w-]*/g)) {
      assert.ok(PUBLISHED.has(named), `${check.id} names "${named}", which claims/ does not have`);
    }
  }
  assertControls(result);
  return result;
}

/** Asserts that the bound of every check rejects all its controls. */
export function assertControls(result: TableResult): void {
  for (const { name, cells } of result.grids[0]!.rows.filter((r) => r.name.endsWith(" control"))) {
    assert.deepEqual(cells["outcome"], { text: "rejected" }, `${name}: ${JSON.stringify(cells["what"])}`);
  }
}

/** The texts of a result's n-th grid, by row; the first is the row's name. */
export const textsOf = (result: TableResult, n: number): readonly (readonly string[])[] =>
  gridTable(result.grids[n]!).rows;
