import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { holds } from "../../../../experiments/exact/check.ts";
import { spectralLoss } from "../../../../experiments/sdiet/exact/linear_theorem.ts";
import { caseOf } from "../../../../experiments/sdiet/exact/theorem_cases.ts";
import {
  crossEntropy,
  shapeError,
  train,
  trainedMinima,
} from "../../../../experiments/sdiet/exact/theorem_training.ts";

const trained = train(caseOf(5, 2));

Deno.test("train ends at minima that keep the bounds, and the controls break them, on a drawing of its own", () => {
  for (
    const { what, error, relation = "at-most", tolerance, controls } of [
      ...trainedMinima([trained]),
      crossEntropy([trained]),
    ]
  ) {
    assert.ok(holds(error, relation, tolerance), `${what}: ${error}`);
    for (const c of controls) assert.ok(!holds(c.error, relation, tolerance), `${c.what}: ${c.error}`);
  }
});

Deno.test("train finds a spectral encoder that is as good as the closed form", () => {
  const { moments, minima } = trained.c;
  const [found, best] = [spectralLoss(trained.spectral, moments), spectralLoss(minima.spectral, moments)];
  // A gradient below 1e-10 leaves a loss of order 1e-20 above the minimum; the two sums round at 1e-15.
  assert.ok(Math.abs(found - best) < 1e-12, `${found}, ${best}`);
});

Deno.test("shapeError does not see the scale of A and sees its shape", () => {
  const { spectral } = trained.c.minima;
  assert.ok(shapeError(trained.c, Matrix.mul(spectral, 7)) < 1e-12);
  assert.ok(shapeError(trained.c, trained.c.someEncoder) > 0.1);
});
