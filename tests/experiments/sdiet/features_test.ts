import assert from "node:assert/strict";
import { experiment } from "../../../experiments/sdiet/features.ts";
import { assertControls, runExact } from "../exact.ts";

Deno.test("sdiet/features: the formula holds, squared error leads, every control is rejected", async () => {
  const result = await runExact(experiment);
  const outcome = (id: string) => result.checks.find((c) => c.id === id)!.outcome;
  // Plain against normalised cross-entropy is an outcome, whatever it is; the rest must hold.
  for (const id of ["X9", "X9 equal noise", "X9 MSE > CE at 0.5", "X9 MSE > CE at 1"]) {
    assert.equal(outcome(id), "holds", id);
  }
  assertControls(result);
});
