import assert from "node:assert/strict";
import { disagreement, median } from "../../bench/report.ts";
import { permute, sample } from "../../bench/workloads.ts";

Deno.test("median is the middle value, or the mean of the two middle ones", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 3, 2]), 2.5);
});

Deno.test("disagreement is relative to each result, so that a large one hides no small one", () => {
  assert.equal(disagreement([[1000], [1, 2]], [[1000], [1, 1]]), 0.5);
  assert.equal(disagreement([[1], [1, 2]], [[1], [1, 2]]), 0);
  assert.equal(disagreement([[1, 2]], [[1]]), Infinity);
  assert.ok(!(disagreement([[1]], [[NaN]]) < 1));
});

Deno.test("permute reorders dimensions and its inverse brings them back", () => {
  const x = Float32Array.from({ length: 2 * 3 * 4 }, (_, i) => i);
  const y = permute(x, [2, 3, 4], [2, 0, 1]);
  assert.equal(y[1 * 6 + 1 * 3 + 2], x[1 * 12 + 2 * 4 + 1]);
  assert.deepEqual(permute(y, [4, 2, 3], [1, 2, 0]), x);
});

Deno.test("sample takes the first and the last element", () => {
  assert.deepEqual(sample([1, 2, 3, 4, 5], 3), [1, 3, 5]);
  assert.deepEqual(sample([7], 2), [7, 7]);
});
