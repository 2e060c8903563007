import assert from "node:assert/strict";
import { alignment, featureStd, rankMe, singularValues, uniformity } from "../../src/eval/collapse.ts";
import { PhiloxStream } from "../../src/base/random.ts";
import { fixture, hashedRows } from "./fixture.ts";
import { blobs, features } from "./toy_features.ts";

// Rows are normalised to f32: relative errors of 2^-24 an element.
const near = (a: number, b: number, tolerance = 1e-6) =>
  assert.ok(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b)), `${a} is not ${b}`);

Deno.test("collapse monitors agree with numpy for tall, wide and square sets", () => {
  for (const c of fixture.collapse) {
    const z = hashedRows(c.name, c.rows, c.width), other = hashedRows(`${c.name}+`, c.rows, c.width);
    near(rankMe(z), c.rankMe);
    near(featureStd(z), c.std);
    near(alignment(z, other), c.alignment);
    near(uniformity(z), c.uniformity);
    // The Gram matrix squares: errors of 1e-15 of the largest eigenvalue become roots of that.
    singularValues(z).forEach((s, i) => assert.ok(Math.abs(s - c.sigma[i]!) < 1e-7 * c.sigma[0]!, `${i}`));
  }
});

Deno.test("singularValues keeps a known spectrum at the smallest and largest sizes of features", () => {
  // Orthogonal rows of length i: the values are the lengths. f32 rounds each element to 2^-24 of itself.
  const half = [[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]];
  for (const size of [1e-30, 1, 1e30]) {
    const sigma = singularValues(features(half.map((row, i) => row.map((v) => v * size * (i + 1)))));
    sigma.forEach((s, i) => near(s / size, 2 * (4 - i)));
  }
  assert.deepEqual([...singularValues(features([[0, 0], [0, 0], [0, 0]]))], [0, 0]);
});

Deno.test("rankMe is the width for orthogonal features, about 1 for collapsed ones and r for r equal directions", () => {
  const identity = features(Array.from({ length: 6 }, (_, i) => [0, 0, 0, 0, 0, 0].with(i, 3)));
  near(rankMe(identity), 6, 1e-4);
  const collapsed = features(Array.from({ length: 40 }, () => [1, 2, 3, 4]));
  near(rankMe(collapsed), 1, 1e-4);
  const plane = features(
    Array.from({ length: 40 }, (_, i) => i % 2 ? [1, 1, 0, 0] : [0, 0, 5, -5].map((v) => v / 5)),
  );
  near(rankMe(plane), 2, 1e-4);
});

Deno.test("featureStd is 0 for equal directions and near 1 / sqrt(width) for rows uniform on the sphere", () => {
  assert.equal(featureStd(features([[2, 1], [4, 2], [8, 4]])), 0);
  const draw = new PhiloxStream([1, 73]);
  const width = 16, rows = 4000;
  const values = Float32Array.from({ length: rows * width }, () => draw.normal());
  // The standard deviation of 16 sample deviations over 4000 rows is about 1 %.
  near(featureStd({ values, rows, width }), 1 / Math.sqrt(width), 0.01);
});

Deno.test("alignment is 0 for equal directions and 4 for opposite ones; uniformity is 0 for one point", () => {
  const a = features([[1, 2], [3, 4]]);
  assert.equal(alignment(a, features([[10, 20], [30, 40]])), 0);
  near(alignment(a, features([[-1, -2], [-3, -4]])), 4);
  assert.equal(uniformity(features([[1, 1], [2, 2], [3, 3]])), 0);
  // Two opposite points: distance 2, one pair.
  near(uniformity(features([[1, 0], [-2, 0]])), -8);
});

Deno.test("a seed chooses the rows of a large set, the same ones each time", () => {
  const { features: z } = blobs(300, 8, 3, 1, 4);
  const some = { most: 50, seed: 1 };
  assert.equal(rankMe(z, some), rankMe(z, some));
  assert.notEqual(rankMe(z, some), rankMe(z, { most: 50, seed: 2 }));
  assert.equal(uniformity(z, some), uniformity(z, some));
  assert.notEqual(uniformity(z, some), uniformity(z));
  assert.ok(Math.abs(uniformity(z, some) - uniformity(z)) < 0.5);
});

Deno.test("collapse monitors refuse what they cannot judge", () => {
  const a = features([[1, 2], [3, 4]]);
  assert.throws(() => alignment(a, features([[1, 2]])), /found \(2, 2\) and \(1, 2\)/);
  assert.throws(() => uniformity(features([[1, 2]])), /two rows or more are needed, found 1/);
  assert.throws(() => rankMe(features([[0, 0], [0, 0]])), /found zeros only/);
  assert.throws(() => rankMe(features([[1, Infinity]])), /must be finite, found Infinity/);
  assert.throws(() => featureStd(features([[1, NaN]])), /must be finite/);
});
