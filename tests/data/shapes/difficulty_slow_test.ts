import assert from "node:assert/strict";
import { load } from "../../../src/data/load.ts";

/** Unit-length pixel vectors, (N, D). */
function unit(images: Uint8Array, count: number): Float32Array {
  const d = images.length / count, out = new Float32Array(images.length);
  for (let i = 0; i < count; i++) {
    let squares = 0;
    for (let k = 0; k < d; k++) squares += images[i * d + k]! ** 2;
    const scale = 1 / Math.sqrt(squares);
    for (let k = 0; k < d; k++) out[i * d + k] = images[i * d + k]! * scale;
  }
  return out;
}

Deno.test("shapes: weighted kNN on raw pixels stays under 40 %, so that features have something to add", async () => {
  const train = await load("shapes", { split: "train", size: 32, perClass: 500 });
  const test = await load("shapes", { split: "test", size: 32, perClass: 200 });
  const n = train.labels.length, m = test.labels.length, d = train.images.length / n, k = 20;
  const a = unit(train.images, n), b = unit(test.images, m);
  let right = 0;
  for (let i = 0; i < m; i++) {
    const query = b.subarray(i * d, (i + 1) * d);
    const similar = Array.from({ length: n }, (_, j) => {
      let dot = 0;
      const offset = j * d;
      for (let c = 0; c < d; c++) dot += query[c]! * a[offset + c]!;
      return [dot, train.labels[j]!] as const;
    }).sort((p, q) => q[0] - p[0]).slice(0, k);
    const votes = new Float64Array(10);
    for (const [dot, label] of similar) votes[label]! += Math.exp(dot / 0.1);
    if (votes.indexOf(Math.max(...votes)) === test.labels[i]) right++;
  }
  const accuracy = 100 * right / m;
  console.log(`raw-pixel kNN (k 20, T 0.1, cosine, 5000 train, 2000 test, 32 px): ${accuracy.toFixed(2)} %`);
  assert.ok(accuracy < 40, `${accuracy} %`);
  assert.ok(accuracy > 12, `${accuracy} %: no better than guessing`); // guessing is 10 +- 0.7
});
