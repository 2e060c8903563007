import assert from "node:assert/strict";
import { zipSync } from "fflate";
import { sha256 } from "../../src/base/sha256.ts";
import { firstDifference, readZip, writeZip, ZipProblem } from "../../src/record/zip.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const files = new Map([["b.txt", bytes("two")], ["a/ü.json", bytes("{}")], ["empty", new Uint8Array()]]);

Deno.test("writeZip gives the same bytes for the same files in any order, and readZip the files", () => {
  const zip = writeZip(files);
  assert.deepEqual(writeZip(new Map([...files].reverse())), zip);
  assert.deepEqual([...readZip(zip).keys()].sort(), ["a/ü.json", "b.txt", "empty"]);
  assert.deepEqual(readZip(zip).get("b.txt"), bytes("two"));
  // bundles that were written before must stay readable, whatever version packs them
  assert.equal(sha256(zip), "0a2b4d771adadceebde85bec6a03b74b9f2f527a304dcf4ac4faf7d6addaad6b");
});

Deno.test("readZip accepts no archive in which any byte of a written one was changed without changing a file", () => {
  const zip = writeZip(files);
  for (let at = 0; at < zip.length; at++) {
    for (const flip of [1, 0x80, 0xff]) {
      const changed = zip.slice();
      changed[at]! ^= flip;
      let read: Map<string, Uint8Array>;
      try {
        read = readZip(changed);
      } catch (error) {
        assert.ok(error instanceof ZipProblem, `byte ${at}: ${error}`);
        continue;
      }
      assert.fail(`byte ${at} of ${zip.length} changed by ${flip} went unseen: ${[...read.keys()]}`);
    }
  }
});

Deno.test("readZip refuses bytes before and after the archive", () => {
  const zip = writeZip(files);
  assert.throws(() => readZip(new Uint8Array([...zip, 0])), ZipProblem);
  assert.throws(() => readZip(new Uint8Array([0, ...zip])), ZipProblem);
  assert.throws(() => readZip(zip.subarray(0, zip.length - 5)), /no zip archive or a damaged one/);
});

Deno.test("readZip refuses compressed entries, so nothing can unpack to more than was read", () => {
  const bomb = zipSync({ big: [new Uint8Array(1 << 22), { level: 9 }] });
  assert.ok(bomb.length < 10_000);
  assert.throws(() => readZip(bomb), /entry "big" is compressed/);
});

Deno.test("readZip refuses entries that overlap to hold more than the archive", () => {
  const zip = writeZip(new Map([["a", new Uint8Array(1000)], ["b", new Uint8Array(10)]]));
  const view = new DataView(zip.buffer);
  const directory = view.getUint32(zip.length - 6, true);
  const second = directory + 46 + 1; // past the entry of "a"
  for (const at of [20, 24]) view.setUint32(second + at, 900, true);
  assert.throws(() => readZip(zip), /more bytes than the archive/);
});

Deno.test("readZip refuses paths that climb out or name other places", () => {
  for (const name of ["../x", "/etc/x", "a/../../x", "C:/x", "a\\b", "a/./b", "dir/"]) {
    assert.throws(() => readZip(zipSync({ [name]: [bytes("x"), { level: 0 }] })), ZipProblem, name);
  }
});

Deno.test("firstDifference finds the first index, a shorter array, or nothing", () => {
  assert.equal(firstDifference(bytes("abc"), bytes("abd")), 2);
  assert.equal(firstDifference(bytes("abc"), bytes("ab")), 2);
  assert.equal(firstDifference(bytes("abc"), bytes("abc")), -1);
});
