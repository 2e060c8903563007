import assert from "node:assert/strict";
import { experiment } from "../../../experiments/sdiet/features.ts";
import { runExact } from "../exact.ts";

Deno.test("sdiet/features: the formula holds, squared error leads, every control is rejected", async () => {
  const result = await runExact(experiment);
  const verdict = (id: string) => result.claims.find((c) => c.id === id)!.verdict;
  // Plain against normalised cross-entropy is an outcome, whatever it is; the rest must hold.
  for (const id of ["X9", "X9 equal noise", "X9 MSE > CE at 0.5", "X9 MSE > CE at 1"]) {
    assert.equal(verdict(id), "REPRODUCED", id);
  }
  for (const row of result.rows.filter((r) => r.method.endsWith(" control"))) {
    assert.equal(row.values!.outcome, "rejected", `${row.method}: ${row.values!.what}`);
  }
});
