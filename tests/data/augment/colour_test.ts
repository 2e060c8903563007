import assert from "node:assert/strict";
import fc from "fast-check";
import { blend, gray, type Pixel, solarize, turnHue } from "../../../src/data/augment/colour.ts";

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const pixel = fc.tuple(unit, unit, unit);
const close = (a: Pixel, b: Pixel, tolerance: number): void =>
  a.forEach((v, c) => assert.ok(Math.abs(v - b[c]!) <= tolerance, `${a} against ${b}`));

Deno.test("gray weighs the channels as ITU-R 601 does", () => {
  assert.equal(gray([1, 0, 0]), 0.2989);
  assert.equal(gray([0, 1, 0]), 0.587);
  assert.equal(gray([0, 0, 1]), 0.114);
});

Deno.test("blend keeps the pixel at 1, gives the other at 0 and clamps beyond", () => {
  assert.deepEqual(blend([0.2, 0.5, 0.8], 0.4, 1), [0.2, 0.5, 0.8]);
  assert.deepEqual(blend([0.2, 0.5, 0.8], 0.4, 0), [0.4, 0.4, 0.4]);
  assert.deepEqual(blend([0.2, 0.5, 0.8], 0, 2), [0.4, 1, 1]);
});

Deno.test("turnHue by a third of a turn permutes the channels", () => {
  // 1/3 is not exact in binary: the sector position is off by an ulp or two of 6
  close(turnHue([0.9, 0.3, 0.1], 1 / 3), [0.1, 0.9, 0.3], 1e-14);
  close(turnHue([0.9, 0.3, 0.1], -1 / 3), [0.3, 0.1, 0.9], 1e-14);
  close(turnHue([0.9, 0.3, 0.1], 0.5), [0.1, 0.7, 0.9], 1e-14);
});

Deno.test("turnHue keeps grey, the largest and the smallest channel, and can be undone", () => {
  fc.assert(fc.property(pixel, fc.double({ min: -0.5, max: 0.5, noNaN: true }), (p, shift) => {
    const turned = turnHue(p, shift);
    assert.ok(Math.abs(Math.max(...turned) - Math.max(...p)) < 1e-12);
    assert.ok(Math.abs(Math.min(...turned) - Math.min(...p)) < 1e-12);
    close(turnHue(turned, -shift), p, 1e-9); // chroma may be tiny, which loses digits of the hue, not of the colour
    close(turnHue([p[0], p[0], p[0]], shift), [p[0], p[0], p[0]], 0);
  }));
});

Deno.test("solarize inverts from one half upwards", () => {
  assert.deepEqual(solarize([0.25, 0.5, 0.75]), [0.25, 0.5, 0.25]);
  assert.deepEqual(solarize([0, 0.4999, 1]), [0, 0.4999, 0]);
});
