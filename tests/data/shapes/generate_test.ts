import assert from "node:assert/strict";
import { sha256 } from "../../../src/base/sha256.ts";
import { drawShape, shapeLabel } from "../../../src/data/shapes/generate.ts";

const bytes = (size: number): number => size * size * 3;

Deno.test("drawShape makes a sample alone, in any order, with the same bits", () => {
  const size = 24, forward = new Uint8Array(6 * bytes(size)), backward = new Uint8Array(6 * bytes(size));
  for (let i = 0; i < 6; i++) drawShape("train", i, size, forward, i * bytes(size));
  for (let i = 5; i >= 0; i--) drawShape("train", i, size, backward, i * bytes(size));
  assert.deepEqual(backward, forward);
  const alone = new Uint8Array(bytes(size));
  drawShape("train", 4, size, alone);
  assert.deepEqual(alone, forward.subarray(4 * bytes(size), 5 * bytes(size)));
});

Deno.test("drawShape gives these pixels for ever: a change needs a new generator name", () => {
  const out = new Uint8Array(10 * bytes(32));
  for (let i = 0; i < 10; i++) drawShape("train", i, 32, out, i * bytes(32));
  assert.equal(sha256(out), "c93756c9210e8081507544f37c3e1434c52d036a99fade5c5201654ed295829a");
});

Deno.test("drawShape makes other images for the test split and for every sample", () => {
  const image = (split: "train" | "test", i: number): string => {
    const out = new Uint8Array(bytes(16));
    drawShape(split, i, 16, out);
    return sha256(out);
  };
  const all = [0, 10, 20, 30].flatMap((i) => [image("train", i), image("test", i)]);
  assert.equal(new Set(all).size, all.length);
});

Deno.test("drawShape shows the same scene at every size", () => {
  const small = new Uint8Array(bytes(16)), large = new Uint8Array(bytes(64));
  for (let sample = 0; sample < 20; sample++) {
    drawShape("train", sample, 16, small);
    drawShape("train", sample, 64, large);
    let difference = 0;
    for (let y = 0; y < 16; y++) {
      for (let x = 0; x < 16; x++) {
        let sum = 0; // green channel, averaged over the 4 x 4 pixels that cover the same area
        for (let k = 0; k < 16; k++) sum += large[3 * ((4 * y + (k >> 2)) * 64 + 4 * x + (k & 3)) + 1]!;
        difference += Math.abs(sum / 16 - small[3 * (y * 16 + x) + 1]!) / 256;
      }
    }
    // Noise of at most 0.05 x 255 has a mean size of 10 levels; textures and edges differ a little more.
    assert.ok(difference < 14, `sample ${sample} differs by ${difference} levels on average`);
  }
});

Deno.test("shapeLabel keeps every prefix balanced", () => {
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 1000; i++) counts[shapeLabel(i)]!++;
  assert.deepEqual(new Set(counts), new Set([100]));
});
