import assert from "node:assert/strict";
import fc from "fast-check";
import { resizeInto } from "../../../src/data/decode/resize.ts";

function resize(
  data: Uint8Array,
  height: number,
  width: number,
  size: number,
  channels: 3 | 4 = 3,
): Uint8Array {
  const out = new Uint8Array(size * size * 3);
  resizeInto(data, height, width, channels, size, out, 0);
  return out;
}

Deno.test("resizeInto copies an image of the wanted size and drops a fourth channel", () => {
  const rgba = Uint8Array.from({ length: 16 }, (_, i) => i);
  assert.deepEqual([...resize(rgba, 2, 2, 2, 4)], [0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14]);
});

Deno.test("resizeInto keeps a flat colour at any shape and size", () => {
  const side = fc.integer({ min: 1, max: 40 });
  fc.assert(fc.property(side, side, side, fc.nat(255), (height, width, size, value) => {
    const out = resize(new Uint8Array(height * width * 3).fill(value), height, width, size);
    assert.ok(out.every((v) => v === value));
  }));
});

Deno.test("resizeInto halves with the weights 1 3 3 1 over 8 of the widened triangle", () => {
  const row = [0, 0, 0, 80, 80, 80, 160, 160, 160, 240, 240, 240]; // 4 pixels across, the same in 4 rows
  const out = resize(Uint8Array.from([...row, ...row, ...row, ...row]), 4, 4, 2);
  // output 0 is centred on source 0.5: taps -1 (outside), 0, 1, 2 with weights 3, 3, 1 over 7
  assert.equal(out[0], Math.floor((3 * 0 + 3 * 80 + 1 * 160) / 7 + 0.5));
  assert.equal(out[3], Math.floor((1 * 80 + 3 * 160 + 3 * 240) / 7 + 0.5));
});

Deno.test("resizeInto scales the shorter side and crops the longer one at its centre", () => {
  const wide = new Uint8Array(4 * 12 * 3); // 4 rows of 12: red thirds, the middle one bright
  for (let y = 0; y < 4; y++) for (let x = 4; x < 8; x++) wide[3 * (y * 12 + x)] = 200;
  const out = resize(wide, 4, 12, 4);
  assert.deepEqual([0, 1, 2, 3].map((x) => out[3 * x]), [200, 200, 200, 200]);
});
