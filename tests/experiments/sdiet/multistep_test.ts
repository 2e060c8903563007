import assert from "node:assert/strict";
import { experiment } from "../../../experiments/sdiet/multistep.ts";
import { assertExact, runExact, textsOf } from "../exact.ts";

Deno.test("sdiet/multistep: every exact statement holds and every wrong variant is rejected", async () => {
  const result = await assertExact(experiment, ["X1", "X2", "X3", "X4", "X5", "X17"]);
  const cells = textsOf(result, 1).map((r) => r[1]);
  assert.deepEqual(cells.slice(3), ["31.77", "6.01"], "first visit without and with bias correction");
});

Deno.test("sdiet/multistep gives the same numbers twice", async () => {
  assert.deepEqual(await runExact(experiment), await runExact(experiment));
});
