import assert from "node:assert/strict";
import fc from "fast-check";
import { CUBIC, FILTERS, taps, TRIANGLE } from "../../src/data/resample.ts";

const side = fc.integer({ min: 1, max: 60 });

Deno.test("taps sum to one and stay within the source for every filter and size", () => {
  fc.assert(fc.property(side, side, fc.constantFrom(...Object.values(FILTERS)), (source, scaled, filter) => {
    const { first, weights } = taps(source, scaled, 0, scaled, filter);
    weights.forEach((w, i) => {
      assert.ok(first[i]! >= 0 && first[i]! + w.length <= source);
      assert.ok(Math.abs(w.reduce((a, b) => a + b, 0) - 1) < 1e-12); // at most 242 terms below 2
    });
  }));
});

Deno.test("taps of the same size keep every value", () => {
  for (const filter of Object.values(FILTERS)) {
    const { first, weights } = taps(5, 5, 0, 5, filter);
    const kept = weights.map((w, i) => [...w].flatMap((v, k) => v === 0 ? [] : [[first[i]! + k, v]]));
    assert.deepEqual(kept, [0, 1, 2, 3, 4].map((i) => [[i, 1]]));
  }
});

Deno.test("taps widen with the scale: shrinking to a quarter looks at four times as many values", () => {
  const count = (scaled: number) =>
    taps(64, scaled, scaled / 2, 1, CUBIC).weights[0]!.filter((v) => v !== 0).length;
  assert.deepEqual([count(128), count(64), count(16)], [4, 1, 16]);
});

Deno.test("taps of the plain bicubic are four however much it shrinks, and the antialiased ones when it enlarges", () => {
  const of = (name: keyof typeof FILTERS, scaled: number) => taps(64, scaled, 0, scaled, FILTERS[name]);
  for (const w of of("bicubic", 13).weights) assert.ok(w.filter((v) => v !== 0).length <= 4);
  assert.deepEqual(of("bicubic", 90), of("antialiased-bicubic", 90));
  assert.notDeepEqual(of("bicubic", 13), of("antialiased-bicubic", 13));
});

Deno.test("CUBIC is Keys' with a = -1/2: 1 at 0, 0 at whole distances, 9/16 and -1/16 at halves", () => {
  assert.deepEqual([0, 1, 2, 0.5, 1.5, -0.5].map(CUBIC.weight), [1, 0, 0, 0.5625, -0.0625, 0.5625]);
});

Deno.test("TRIANGLE falls from 1 to 0 at distance 1", () => {
  assert.deepEqual([0, 0.25, -0.25, 1, 3].map(TRIANGLE.weight), [1, 0.75, 0.75, 0, 0]);
});
