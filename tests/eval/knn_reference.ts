/** Neighbour search and weighted votes in plain f64, for comparing with. Nothing uses them in place of the GPU. */
import type { Features } from "../../src/eval/features.ts";
import type { KnnSetting, KnnTask } from "../../src/eval/knn.ts";
import { type Metric, normalised, requireNeighbours } from "../../src/eval/nearest.ts";

/** Neighbours as `nearest` finds them, scores in f64. Takes time in proportion to tests x training rows x width. */
export function search(
  train: Features,
  test: Features,
  k: number,
  metric: Metric = "cosine",
): { k: number; indices: Uint32Array<ArrayBuffer>; scores: Float64Array<ArrayBuffer> } {
  requireNeighbours(k, train.rows);
  const a = normalised(test, "test"), b = normalised(train, "training");
  const { width } = train;
  const indices = new Uint32Array(test.rows * k);
  const scores = new Float64Array(test.rows * k);
  const row = new Float64Array(train.rows);
  for (let i = 0; i < test.rows; i++) {
    for (let j = 0; j < train.rows; j++) {
      let sum = 0;
      for (let d = 0; d < width; d++) {
        const u = a[i * width + d]!, v = b[j * width + d]!;
        sum += metric === "cosine" ? u * v : -((u - v) ** 2);
      }
      row[j] = sum;
    }
    const order = Uint32Array.from(row, (_, j) => j).sort((x, y) => row[y]! - row[x]! || x - y);
    for (let n = 0; n < k; n++) {
      indices[i * k + n] = order[n]!;
      scores[i * k + n] = row[order[n]!]!;
    }
  }
  return { k, indices, scores };
}

/** Predicted classes for each setting, (settings, tests), by the definition: the class with the largest sum of exp(cosine / T). */
export function knnReference({ train, test, classes }: KnnTask, grid: readonly KnnSetting[]): Uint32Array[] {
  return grid.map(({ k, T }) => {
    const { indices, scores } = search(train.features, test.features, k);
    return Uint32Array.from({ length: test.features.rows }, (_, row) => {
      const votes: number[] = new Array(classes).fill(0);
      for (let n = row * k; n < (row + 1) * k; n++) {
        votes[train.labels[indices[n]!]!]! += Math.exp(scores[n]! / T);
      }
      return votes.indexOf(Math.max(...votes));
    });
  });
}
