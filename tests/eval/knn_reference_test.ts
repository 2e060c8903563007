import assert from "node:assert/strict";
import { knnReference, search } from "./knn_reference.ts";

const of = (rows: number[][]) => ({
  values: Float32Array.from(rows.flat()),
  rows: rows.length,
  width: rows[0]!.length,
});
const train = of([[1, 0], [0, 1], [2, 0], [-1, 0]]);
const test = of([[3, 1]]);

Deno.test("search ranks by cosine, equal ones by index, and L2 sees the direction alone", () => {
  assert.deepEqual([...search(train, test, 4).indices], [0, 2, 1, 3]);
  assert.deepEqual([...search(train, test, 2, "l2").indices], [0, 2]);
  assert.throws(() => search(train, test, 5), /5/);
});

Deno.test("votes are weighted by exp(similarity / T): a low temperature lets the nearest decide", () => {
  const labels = Uint32Array.of(0, 1, 1, 1);
  const task = {
    train: { features: train, labels },
    test: { features: test, labels: Uint32Array.of(0) },
    classes: 2,
  };
  const [one, all] = knnReference(task, [{ k: 1, T: 0.1 }, { k: 4, T: 10 }]);
  assert.deepEqual([[...one!], [...all!]], [[0], [1]]);
});
