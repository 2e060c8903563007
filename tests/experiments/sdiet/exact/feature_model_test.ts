import assert from "node:assert/strict";
import {
  directionsOf,
  drawFeatures,
  featureRatio,
  populationMoments,
  predictedRatio,
} from "../../../../experiments/sdiet/exact/feature_model.ts";
import { momentsOf } from "../../../../experiments/sdiet/exact/linear_theorem.ts";
import * as m from "../../../../experiments/sdiet/exact/linear_algebra.ts";

const MODEL = { classes: 2, d: 5, low: 0.1, high: 0.5, background: 0.05 };

Deno.test("populationMoments is what many drawn views average to", () => {
  const directions = directionsOf(MODEL, 3);
  const population = populationMoments(MODEL, directions);
  const drawn = momentsOf(drawFeatures(MODEL, directions, { perClass: 1, views: 20000, seed: 1 }));
  // Deviation 0.5 over 20000 views: standard errors near 4e-3, times the entries' size.
  assert.ok(m.relativeDistance(drawn.means, population.means) < 0.02);
  assert.ok(m.relativeDistance(drawn.second, population.second) < 0.02);
});

Deno.test("featureRatio reads what an encoder keeps, predictedRatio is the stated formula", () => {
  const directions = directionsOf(MODEL, 3);
  const w = m.build(2, 5, (k, j) => 3 * directions.get(2 * k, j) + directions.get(2 * k + 1, j));
  assert.ok(Math.abs(featureRatio(w, MODEL, directions) - 3) < 1e-13);
  assert.ok(Math.abs(predictedRatio({ ...MODEL, classes: 4 }) - 13) < 1e-12);
  assert.equal(predictedRatio({ ...MODEL, high: 0.1 }), 1);
});
