import assert from "node:assert/strict";
import { holds } from "../../../../experiments/exact/check.ts";
import { adamw, closedForm, corrections } from "../../../../experiments/sdiet/exact/closed_form.ts";

Deno.test("closedForm and corrections keep their bounds, their controls break them", () => {
  for (const { what, error, relation = "at-most", tolerance, controls } of [...closedForm(), corrections()]) {
    assert.ok(holds(error, relation, tolerance), `${what}: ${error}`);
    for (const c of controls) assert.ok(!holds(c.error, relation, tolerance), `${c.what}: ${c.error}`);
  }
});

Deno.test("closedForm names each of the four misreadings once", () => {
  const misreadings = closedForm().filter((c) => c.id === "X3").map((c) => c.what);
  assert.equal(new Set(misreadings).size, 4);
});

Deno.test("adamw has the published betas and no eps unless asked", () => {
  assert.deepEqual(adamw(0.1, 0.2), { lr: 0.1, weightDecay: 0.2, beta1: 0.9, beta2: 0.999, eps: 0 });
});
