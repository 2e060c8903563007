import assert from "node:assert/strict";
import config from "../../../deno.json" with { type: "json" };
import fixture from "../../fixtures/data/images.json" with { type: "json" };
import { decodeJpeg, JPEG_DECODER, jpegSize } from "../../../src/data/decode/jpeg.ts";
import { sha256 } from "../../../src/base/sha256.ts";

const read = (name: string): Uint8Array =>
  Deno.readFileSync(new URL(`../../fixtures/data/${name}`, import.meta.url));
const rgb = (rgba: Uint8ClampedArray): Uint8Array => Uint8Array.from(rgba.filter((_, i) => i % 4 !== 3));

for (const name of ["colour.jpg", "grey.jpg", "progressive.jpg"] as const) {
  Deno.test(`decodeJpeg gives the very pixels of libjpeg-turbo: ${name}`, async () => {
    const { width, height, data } = await decodeJpeg(read(name));
    const expected = fixture.images[name];
    assert.deepEqual([height, width], [expected.height, expected.width]);
    assert.deepEqual(jpegSize(read(name)), { height, width });
    assert.equal(sha256(rgb(data)), expected.sha256);
  });
}

Deno.test("decodeJpeg refuses a file cut anywhere and works again afterwards", async () => {
  const whole = read("colour.jpg");
  for (const length of [3, 100, whole.length >> 1, whole.length - 2]) {
    await assert.rejects(decodeJpeg(whole.slice(0, length)), /cut off/);
  }
  const damaged = whole.slice();
  damaged.fill(0, 200, 260); // inside the tables, the end is still there
  await assert.rejects(decodeJpeg(damaged));
  assert.equal((await decodeJpeg(whole)).width, fixture.images["colour.jpg"].width);
});

Deno.test("jpegSize knows no size for other bytes", () => {
  assert.equal(jpegSize(new Uint8Array(0)), undefined);
  assert.equal(jpegSize(read("colour.png")), undefined);
  assert.equal(jpegSize(read("colour.jpg").slice(0, 30)), undefined);
});

Deno.test("JPEG_DECODER names the pinned version", () => {
  assert.equal(config.imports["@jsquash/jpeg"], `npm:${JPEG_DECODER.replace(" ", "@")}`);
});
