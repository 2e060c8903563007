import assert from "node:assert/strict";
import { blurRadius, gaussianBlur, gaussianWeights, reflect } from "../../../src/data/augment/blur.ts";
import type { Pixel } from "../../../src/data/augment/colour.ts";

Deno.test("blurRadius is half a tenth of the view, at least 1", () => {
  assert.deepEqual([8, 32, 64, 96, 224].map(blurRadius), [1, 1, 3, 4, 11]);
});

Deno.test("gaussianWeights sum to one and match the formula", () => {
  const weights = gaussianWeights(0.7, 2);
  assert.ok(Math.abs(weights.reduce((a, b) => a + b, 0) - 1) < 1e-15);
  assert.ok(Math.abs(weights[0]! / weights[2]! - Math.exp(-4 / (2 * 0.49))) < 1e-15);
});

Deno.test("reflect does not repeat the border", () => {
  assert.deepEqual([-2, -1, 0, 4, 5, 6].map((i) => reflect(i, 5)), [2, 1, 0, 4, 3, 2]);
});

/** A view of one white pixel at the centre. */
function impulse(size: number): Pixel[] {
  const middle = Math.floor(size / 2) * (size + 1);
  return Array.from({ length: size * size }, (_, i) => i === middle ? [1, 1, 1] : [0, 0, 0]);
}

Deno.test("gaussianBlur of an impulse is the product of its weights along rows and columns", () => {
  const weights = gaussianWeights(1.3, 1);
  const out = gaussianBlur(impulse(9), 1.3, 9);
  for (const [dy, dx] of [[0, 0], [1, 0], [0, -1], [1, 1]] as const) {
    const [found] = out[(4 + dy) * 9 + 4 + dx]!;
    assert.ok(Math.abs(found - weights[1 + dy]! * weights[1 + dx]!) < 1e-15);
  }
  assert.deepEqual(out[2 * 9 + 4], [0, 0, 0]); // beyond the radius
});
