/** What every experiment of exact checks must show: all claims hold, every check has a control, all are rejected. */
import assert from "node:assert/strict";
import type { Experiment, TableResult } from "../../mod.ts";

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

/** Runs the experiment, asserts what is said above and gives the result. `ids` are the claims it must make. */
export async function assertExact(experiment: Experiment, ids: readonly string[]): Promise<TableResult> {
  assert.equal(experiment.needsAdapter, false);
  const result = await runExact(experiment);
  assert.deepEqual(result.claims.map((c) => c.id), ids);
  for (const claim of result.claims) {
    assert.equal(claim.verdict, "REPRODUCED", `${claim.id}: ${claim.inequality}`);
    assert.match(claim.inequality, /\d/);
  }
  for (const row of result.rows.filter((r) => r.method.endsWith(" control"))) {
    assert.equal(row.values!.outcome, "rejected", `${row.method}: ${row.values!.what}`);
  }
  return result;
}
