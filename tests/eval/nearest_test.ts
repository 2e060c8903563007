import assert from "node:assert/strict";
import { nearest } from "../../src/eval/nearest.ts";
import { search } from "./knn_reference.ts";
import { EPS, testDevice } from "../nn/check_op.ts";
import { blobs, features } from "./toy_features.ts";

/**
 * Both searches may order two rows differently only where their f64 scores differ by less than the rounding of f32 sums
 * of `width` products of numbers in [-1, 1] whose magnitudes add up to at most `size`.
 */
function agree(
  found: { k: number; indices: Uint32Array; scores: Float32Array },
  expected: { k: number; indices: Uint32Array; scores: Float64Array },
  width: number,
  size: number,
): number {
  const tolerance = (width + 4) * EPS * size;
  const { k } = expected;
  let equal = 0;
  for (let i = 0; i < expected.indices.length; i++) {
    assert.ok(Math.abs(found.scores[i]! - expected.scores[i]!) <= tolerance, `score ${i}`);
    if (found.indices[i] === expected.indices[i]) equal++;
    else {
      const near = [expected.scores[i - 1], expected.scores[i + 1]].some((s) =>
        s !== undefined && Math.abs(s - expected.scores[i]!) <= 2 * tolerance
      );
      const last = (i + 1) % k === 0; // its rival may be just outside the list
      assert.ok(near || last, `neighbour ${i} is another although no score is near its own`);
    }
  }
  return equal / expected.indices.length;
}

for (const metric of ["cosine", "l2"] as const) {
  Deno.test(`nearest finds the rows and scores of the f64 search by ${metric}, over tiles that end unevenly`, async () => {
    const train = blobs(1003, 37, 7, 1, 1).features, test = blobs(45, 37, 7, 1, 2).features;
    const expected = search(train, test, 200, metric);
    // Squared distances of unit rows are at most 4.
    const size = metric === "cosine" ? 1 : 4;
    for (const tile of [[2048, 4096], [16, 130], [45, 1003], [7, 64]] as const) {
      const found = await nearest(await testDevice(), train, test, 200, { metric, tile });
      assert.ok(agree(found, expected, 37, size) > 0.99, "nearly all neighbours are the same row");
    }
  });
}

Deno.test("nearest by distance gives the same bits for every tiling, by cosine on every repetition", async () => {
  const train = blobs(700, 24, 5, 1, 3).features, test = blobs(33, 24, 5, 1, 4).features;
  const device = await testDevice();
  const first = await nearest(device, train, test, 77, { metric: "l2" });
  for (const tile of [[9, 65], [33, 300]] as const) {
    assert.deepEqual(await nearest(device, train, test, 77, { metric: "l2", tile }), first);
  }
  // Which matmul kernel runs depends on the tile's shape, and so the rounding of a cosine.
  assert.deepEqual(await nearest(device, train, test, 77), await nearest(device, train, test, 77));
});

Deno.test("nearest puts a row before its copy by either metric, in one tile or across tiles", async () => {
  const once = blobs(150, 45, 5, 1, 10).features, test = blobs(9, 45, 5, 1, 11).features;
  const train = { ...once, rows: 300, values: Float32Array.of(...once.values, ...once.values) };
  for (const metric of ["cosine", "l2"] as const) {
    for (const tile of [[9, 300], [4, 77]] as const) {
      const { indices, scores } = await nearest(await testDevice(), train, test, 100, { metric, tile });
      for (let i = 0; i < indices.length; i += 2) {
        assert.equal(scores[i], scores[i + 1]);
        assert.equal(indices[i + 1], indices[i]! + 150);
      }
    }
  }
});

Deno.test("nearest takes the earlier row where scores are equal, whatever the tile", async () => {
  const device = await testDevice();
  const train = features(Array.from({ length: 600 }, (_, i) => i % 3 === 0 ? [3, 0] : [0, 2]));
  const test = features([[1, 0], [0, 5]]);
  const wanted = [0, 1].map((kind) =>
    Array.from({ length: 600 }, (_, i) => i).filter((i) => (i % 3 === 0) === (kind === 0)).slice(0, 150)
  );
  for (const metric of ["cosine", "l2"] as const) {
    for (const tile of [[2, 600], [1, 100]] as const) {
      const { indices, scores } = await nearest(device, train, test, 150, { metric, tile });
      assert.deepEqual([...indices], wanted.flat());
      assert.ok(scores.every((s) => s === (metric === "cosine" ? 1 : 0)));
    }
  }
});

Deno.test("nearest by distance tells near duplicates apart that have one cosine in f32", async () => {
  const device = await testDevice();
  const train = features([[1, 2e-4], [1, 1e-4], [1, 1.5e-4]]);
  const test = features([[1, 1.1e-4]]);
  const { indices } = await nearest(device, train, test, 3, { metric: "l2" });
  assert.deepEqual([...indices], [1, 2, 0]);
  const { scores } = await nearest(device, train, test, 3);
  assert.deepEqual(new Set(scores).size, 1, "their cosines are equal, so the test above says something");
});

Deno.test("nearest keeps 1 or 256 neighbours, works with one training row, and gives its memory back", async () => {
  const device = await testDevice();
  const before = device.allocatedBytes;
  const train = blobs(256, 5, 2, 1, 5).features, test = blobs(3, 5, 2, 1, 6).features;
  const all = await nearest(device, train, test, 256);
  for (let row = 0; row < 3; row++) {
    const rows = all.indices.slice(row * 256, (row + 1) * 256);
    assert.deepEqual([...rows].sort((a, b) => a - b), Array.from({ length: 256 }, (_, i) => i));
    const one = await nearest(device, train, test, 1);
    assert.equal(one.indices[row], rows[0]);
  }
  const single = await nearest(device, features([[1, 2]]), features([[0, 0], [-2, -4]]), 1);
  assert.deepEqual([...single.indices], [0, 0]);
  assert.equal(single.scores[0], 0, "a row of zeros has no direction");
  assert.ok(Math.abs(single.scores[1]! + 1) <= 4 * EPS);
  assert.equal(device.allocatedBytes, before);
});

Deno.test("nearest says what is wrong with k, widths and values", async () => {
  const device = await testDevice();
  const a = features([[1, 2], [3, 4]]);
  await assert.rejects(nearest(device, a, a, 3), /k must be an integer of 1 to 2, found 3/);
  await assert.rejects(nearest(device, a, a, 0), /k must be an integer/);
  const many = blobs(300, 2, 2, 1, 7).features;
  await assert.rejects(nearest(device, many, a, 257), /1 to 256/);
  await assert.rejects(nearest(device, a, features([[1, 2, 3]]), 1), /widths must be equal, found 2 and 3/);
  await assert.rejects(
    nearest(device, a, features([[1, 2], [NaN, 0]]), 1),
    /every value must be finite, found one in row 1/,
  );
});
