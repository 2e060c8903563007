import assert from "node:assert/strict";
import {
  blurRadius,
  boxBlur,
  boxWeights,
  gaussianBlur,
  gaussianWeights,
  reflect,
} from "../../../src/data/augment/blur.ts";
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

/** Standard deviation along the columns of what a blur makes of an impulse. */
function deviation(view: readonly Pixel[], size: number): number {
  const middle = Math.floor(size / 2);
  return Math.sqrt(view.reduce((sum, [v], i) => sum + v * (i % size - middle) ** 2, 0));
}

Deno.test("boxBlur has the standard deviation it is asked for, where a Gaussian of fixed width has less", () => {
  for (const sigma of [0.1, 0.3, 0.7, 1, 1.5, 2, 3.3]) {
    const found = deviation(boxBlur(impulse(41), sigma, 41), 41);
    assert.ok(Math.abs(found - sigma) < 1e-12, `${found} for ${sigma}`);
  }
  assert.ok(deviation(gaussianBlur(impulse(32), 2, 32), 32) < 0.81); // three pixels: at most sqrt(2 / 3) = 0.816
});

Deno.test("boxWeights are whole inside and fractions at both ends, and sum to one", () => {
  const w = boxWeights(2); // variance 4/3: l = 1, a = 3/8
  assert.equal(w.length, 5);
  assert.ok(Math.abs(w[0]! / w[1]! - 3 / 8) < 1e-12);
  assert.deepEqual([w[0], w[1], w[1]], [w[4], w[2], w[3]]);
  assert.ok(Math.abs(w.reduce((a, b) => a + b) - 1) < 1e-15);
});

Deno.test("boxBlur repeats the border, so that a flat view stays flat up to it", () => {
  const flat: Pixel[] = Array.from({ length: 25 }, () => [0.25, 0.5, 0.75]);
  for (const p of boxBlur(flat, 4, 5)) p.forEach((v, c) => assert.ok(Math.abs(v - flat[0]![c]!) < 1e-15));
});
