import assert from "node:assert/strict";
import { decodeImageInto } from "../../../src/data/decode/image.ts";

const read = (name: string): Uint8Array =>
  Deno.readFileSync(new URL(`../../fixtures/data/${name}`, import.meta.url));
const origin = { archive: "a.tar", member: "train/cat/1.jpg", imagePixels: 1000, nativeSize: null };

async function decode(
  bytes: Uint8Array,
  more: Partial<typeof origin> | { nativeSize: number } = {},
): Promise<Uint8Array> {
  const out = new Uint8Array(8 * 8 * 3 + 1);
  await decodeImageInto(bytes, 8, out, 1, { ...origin, ...more });
  return out;
}

Deno.test("decodeImageInto tells JPEG and PNG by their bytes and writes at the offset", async () => {
  for (const name of ["colour.jpg", "colour.png"]) {
    const out = await decode(read(name));
    assert.equal(out[0], 0);
    assert.ok(out[out.length - 1]! > 50);
  }
});

Deno.test("decodeImageInto names archive and member of what is no image", async () => {
  const text = new TextEncoder().encode("<html>not found</html>");
  await assert.rejects(
    decode(text),
    /member "train\/cat\/1.jpg" of "a.tar": an image must be a JPEG or PNG file, found 22 bytes "3c 68 74 6d"/,
  );
  await assert.rejects(decode(new Uint8Array(0)), /found 0 bytes/);
});

Deno.test("decodeImageInto refuses more pixels than declared before it decodes them", async () => {
  const bomb = read("colour.png");
  new DataView(bomb.buffer).setUint32(16, 60000); // the header claims a width of 60000
  await assert.rejects(decode(bomb), /1 to 1000 pixels, found 60000 x 24/);
  const jpeg = read("colour.jpg");
  const frame = jpeg.findIndex((b, i) => b === 0xff && jpeg[i + 1] === 0xc0);
  jpeg.set([0xff, 0xff, 0xff, 0xff], frame + 5);
  await assert.rejects(decode(jpeg), /found 65535 x 65535/);
});

Deno.test("decodeImageInto refuses another size where the dataset has one", async () => {
  await assert.rejects(decode(read("colour.png"), { nativeSize: 32 }), /must be 32 x 32.*found 20 x 24/);
});

Deno.test("decodeImageInto passes on why a damaged image cannot be decoded", async () => {
  const bytes = read("colour.jpg");
  await assert.rejects(
    decode(bytes.slice(0, bytes.length - 5)),
    /JPEG image must decode without a complaint.*cut off/,
  );
  const png = read("colour.png");
  await assert.rejects(decode(png.slice(0, 60)), /PNG image must decode without a complaint/);
});
