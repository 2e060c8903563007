import assert from "node:assert/strict";
import { hashList, hashPixels, UNLABELLED } from "../../src/data/hashes.ts";
import { hashFile, sha256 } from "../../src/base/sha256.ts";
import { inFolder, put } from "../data/synthetic.ts";

Deno.test("sha256 gives the published value of the empty and the short message", () => {
  assert.equal(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert.equal(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

Deno.test("hashPixels covers the shape as well as the bytes", () => {
  const bytes = new Uint8Array(48).fill(7);
  const text = "u8 4 2 2 3\n" + "\x07".repeat(48);
  assert.equal(hashPixels(bytes, 4, 2), sha256(text));
  assert.notEqual(hashPixels(bytes, 4, 2), hashPixels(bytes, 1, 4));
});

Deno.test("hashList covers order, names, labels and class names", () => {
  const list = hashList(["a", "b"], Uint32Array.of(1, UNLABELLED), ["cat", "dog"]);
  assert.equal(list, sha256("1\tdog\ta\n-\t-\tb\n"));
  assert.notEqual(list, hashList(["b", "a"], Uint32Array.of(UNLABELLED, 1), ["cat", "dog"]));
});

Deno.test("hashFile gives size and digests", () =>
  inFolder(async (folder) => {
    const path = await put(folder, "x", "abc");
    assert.deepEqual(await hashFile(path, true), {
      bytes: 3,
      sha256: sha256("abc"),
      md5: "900150983cd24fb0d6963f7d28e17f72",
    });
    assert.equal((await hashFile(path)).md5, "");
  }));
