import assert from "node:assert/strict";
import * as m from "../../../../experiments/sdiet/exact/linear_algebra.ts";
import { dietLoss } from "../../../../experiments/sdiet/exact/linear_theorem.ts";
import {
  caseOf,
  encoderFor,
  excess,
  firstStatement,
  nearest,
  secondStatement,
  worst,
} from "../../../../experiments/sdiet/exact/theorem_cases.ts";

const c = caseOf(1, 3);

Deno.test("encoderFor gives, with its head, a minimiser of DIET's squared error for any invertible factor", () => {
  for (const factor of [c.rotation, c.mixing]) {
    const a = m.product(c.minima.left, factor, encoderFor(c, factor));
    assert.ok(Math.abs(dietLoss(a, c.moments) - dietLoss(c.minima.diet, c.moments)) < 1e-12);
  }
});

Deno.test("excess is never negative, whatever the head", () => {
  for (const head of [c.someHead, c.minima.left]) assert.ok(excess(c, head) > -1e-12);
});

Deno.test("the statements measure a relative distance: 0.5 for one and a half of the right Gram matrix", () => {
  const right = encoderFor(c, c.rotation);
  assert.ok(Math.abs(secondStatement(c, right.clone().mul(1.5 ** 0.5)) - 0.5) < 1e-10);
  assert.ok(Math.abs(firstStatement(c, c.minima.diet.clone().mul(1.5 ** 0.5)) - 0.5) < 1e-10);
});

Deno.test("worst and nearest take the extremes over cases", () => {
  const cases = [caseOf(0, 2), caseOf(2, 2)];
  assert.equal(worst(cases, (x) => x.seed), 2);
  assert.equal(nearest(cases, (x) => x.seed), 0);
});
