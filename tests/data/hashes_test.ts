import assert from "node:assert/strict";
import { hashList, hashPixels, UNLABELLED } from "../../src/data/hashes.ts";
import { sha256 } from "../../src/base/sha256.ts";

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
