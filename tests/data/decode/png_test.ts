import assert from "node:assert/strict";
import { encode } from "fast-png";
import config from "../../../deno.json" with { type: "json" };
import fixture from "../../fixtures/data/images.json" with { type: "json" };
import { decodePng, PNG_DECODER, pngSize } from "../../../src/data/decode/png.ts";
import { sha256 } from "../../../src/base/sha256.ts";

const read = (name: string): Uint8Array =>
  Deno.readFileSync(new URL(`../../fixtures/data/${name}`, import.meta.url));

for (const name of ["colour.png", "grey.png", "bits.png", "palette.png"] as const) {
  Deno.test(`decodePng gives the very pixels of Pillow: ${name}`, () => {
    const { width, height, data } = decodePng(read(name));
    const expected = fixture.images[name];
    assert.deepEqual([height, width], [expected.height, expected.width]);
    assert.deepEqual(pngSize(read(name)), { height, width });
    assert.equal(sha256(data), expected.sha256);
  });
}

Deno.test("decodePng drops alpha and keeps the high byte of 16 bits", () => {
  const rgba = encode({ width: 1, height: 1, channels: 4, depth: 8, data: Uint8Array.of(10, 20, 30, 128) });
  assert.deepEqual([...decodePng(rgba).data], [10, 20, 30]);
  const deep = encode({
    width: 1,
    height: 1,
    channels: 3,
    depth: 16,
    data: Uint16Array.of(0x1234, 0xff00, 0x00ff),
  });
  assert.deepEqual([...decodePng(deep).data], [0x12, 0xff, 0]);
});

Deno.test("decodePng refuses a damaged or cut file", () => {
  const whole = read("colour.png");
  assert.throws(() => decodePng(whole.slice(0, whole.length - 20)));
  const damaged = whole.slice();
  damaged[50]! ^= 0xff;
  assert.throws(() => decodePng(damaged));
});

Deno.test("PNG_DECODER names the pinned version", () => {
  assert.equal(config.imports["fast-png"], `npm:${PNG_DECODER.replace(" ", "@")}`);
});
