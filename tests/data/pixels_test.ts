import assert from "node:assert/strict";
import { inFile, inMemory, intoFile, intoMemory, joined, type Pixels } from "../../src/data/pixels.ts";
import { inFolder } from "./synthetic.ts";

/** Five images of 2x2, byte i of image n is 20 n + i. */
const images = Uint8Array.from({ length: 60 }, (_, i) => 20 * Math.floor(i / 12) + i % 12);

function read(pixels: Pixels, indices: readonly number[]): number[] {
  const into = new Uint8Array(indices.length * 12);
  pixels.read(indices, into);
  return indices.map((_, row) => into[row * 12 + 11]!);
}

Deno.test("images come in the order asked for, from memory, from a file and from both", () =>
  inFolder((folder) => {
    const path = `${folder}/images.u8`;
    Deno.writeFileSync(path, images);
    for (const pixels of [inMemory(images, 2), inFile(path, 5, 2)]) {
      assert.equal(pixels.count, 5);
      assert.deepEqual(read(pixels, [4, 0, 2, 2]), [91, 11, 51, 51]);
    }
    const both = joined(inFile(path, 5, 2), inMemory(images.subarray(12), 2), 2);
    assert.equal(both.count, 9);
    assert.deepEqual(read(both, [5, 4, 8, 0]), [31, 91, 91, 11]);
    return Promise.resolve();
  }));

Deno.test("a file that ends early is named with what it must have", () =>
  inFolder((folder) => {
    const path = `${folder}/images.u8`;
    Deno.writeFileSync(path, images.subarray(0, 50));
    assert.throws(
      () => read(inFile(path, 5, 2), [4]),
      /Cannot read image 4 of ".*images.u8": the file must have 60 bytes, found its end, at 50; delete it/,
    );
    return Promise.resolve();
  }));

Deno.test("sinks take images in any order", () =>
  inFolder((folder) => {
    const path = `${folder}/images.u8`;
    const memory = new Uint8Array(60);
    using file = Deno.openSync(path, { write: true, create: true });
    for (const sink of [intoMemory(memory, 2), intoFile(file, 2)]) {
      for (const index of [3, 0, 4, 1, 2]) {
        const { out, at } = sink.place(index);
        out.set(images.subarray(index * 12, index * 12 + 12), at);
        sink.done(index);
      }
    }
    assert.deepEqual(memory, images);
    assert.deepEqual(Deno.readFileSync(path), images);
    return Promise.resolve();
  }));
