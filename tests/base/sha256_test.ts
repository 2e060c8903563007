import assert from "node:assert/strict";
import { hashFile, sha256 } from "../../src/base/sha256.ts";
import { inFolder, put } from "../data/synthetic.ts";

Deno.test("sha256 gives the published value of the empty and the short message", () => {
  assert.equal(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert.equal(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
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
