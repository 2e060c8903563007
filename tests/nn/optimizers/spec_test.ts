import assert from "node:assert/strict";
import { parseOptimizer } from "../../../src/nn/optimizers/spec.ts";

Deno.test("parseOptimizer knows three optimizers by name", () => {
  assert.equal(parseOptimizer("lars").kind, "lars");
  assert.deepEqual(parseOptimizer("adamw"), { kind: "adamw", lr: 1e-3, weightDecay: 0.05 });
  assert.throws(() => parseOptimizer("adam"), /its name must be "sgd", "adamw" or "lars"/);
});
