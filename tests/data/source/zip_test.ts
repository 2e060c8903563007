import assert from "node:assert/strict";
import { strToU8, type Zippable, zipSync } from "fflate";
import { visitZip } from "../../../src/data/source/zip.ts";
import { inFolder, LIMITS, put, readAll } from "../synthetic.ts";

async function read(folder: string, bytes: Uint8Array, limits = LIMITS): Promise<Record<string, string>> {
  const path = await put(folder, "a.zip", bytes);
  return await readAll(path, (guard, visit) => visitZip(path, guard, visit), limits);
}

const zip = (files: Zippable): Uint8Array => zipSync(files, { mtime: new Date(1990, 0, 1) });

/** Offset of the n-th central directory entry. */
function centralEntry(bytes: Uint8Array, n = 0): number {
  let seen = 0;
  for (let i = 0; i + 4 <= bytes.length; i++) {
    if (
      bytes[i] === 0x50 && bytes[i + 1] === 0x4b && bytes[i + 2] === 1 && bytes[i + 3] === 2 && seen++ === n
    ) return i;
  }
  throw new Error("no such entry");
}

Deno.test("visitZip reads deflated and stored files and leaves folders out", () =>
  inFolder(async (folder) => {
    const text = "hello ".repeat(2000);
    const bytes = zip({
      "d/": new Uint8Array(0),
      "d/one": strToU8(text),
      two: [strToU8("plain"), { level: 0 }],
      empty: strToU8(""),
    });
    assert.deepEqual(await read(folder, bytes), { "d/one": text, two: "plain", empty: "" });
  }));

Deno.test("visitZip refuses links and paths that climb out", () =>
  inFolder(async (folder) => {
    const link = zip({ x: [strToU8("/etc/passwd"), { os: 3, attrs: (0o120777 << 16) >>> 0 }] });
    await assert.rejects(read(folder, link), /member "x" of ".*a.zip".*found a symlink/);
    await assert.rejects(read(folder, zip({ "../x": strToU8("1") })), /climbs out of its folder/);
    await assert.rejects(read(folder, zip({ "/x": strToU8("1") })), /absolute path/);
  }));

Deno.test("visitZip refuses a name that appears twice", () =>
  inFolder(async (folder) => {
    const bytes = zip({ aa: strToU8("1"), ab: strToU8("2") });
    bytes[centralEntry(bytes, 1) + 47] = "a".charCodeAt(0); // the second entry's name becomes "aa"
    await assert.rejects(read(folder, bytes), /member "aa" of .*every name must appear once/);
  }));

Deno.test("visitZip refuses an archive that is cut, edited or another format", () =>
  inFolder(async (folder) => {
    const bytes = zip({ a: strToU8("hello ".repeat(500)), b: [strToU8("stored"), { level: 0 }] });
    await assert.rejects(read(folder, bytes.slice(0, bytes.length - 30)), /must end with a zip directory/);
    await assert.rejects(read(folder, strToU8("<html>")), /must end with a zip directory/);
    await assert.rejects(read(folder, bytes.slice(40)), /a.zip"/);
    const stored = bytes.slice();
    stored[new TextDecoder("latin1").decode(bytes).indexOf("stored")]! ^= 1;
    await assert.rejects(read(folder, stored), /member "b" .*CRC-32/);
    const deflated = bytes.slice();
    deflated[35]! ^= 0xff;
    await assert.rejects(read(folder, deflated), /member "a" of/);
    const offset = bytes.slice();
    new DataView(offset.buffer).setUint32(centralEntry(offset) + 42, 7, true);
    await assert.rejects(read(folder, offset), /a local header must stand where the directory says/);
    const packed = bytes.slice();
    new DataView(packed.buffer).setUint32(centralEntry(packed) + 20, 0x7fffffff, true);
    await assert.rejects(read(folder, packed), /2147483647 compressed bytes must follow/);
  }));

Deno.test("visitZip stops a member that is larger than it says, and one that says too much", () =>
  inFolder(async (folder) => {
    const bomb = zip({ a: new Uint8Array(80_000_000) });
    await assert.rejects(read(folder, bomb), /at most 100000 bytes, found 80000000 declared/);
    new DataView(bomb.buffer).setUint32(centralEntry(bomb) + 24, 1000, true);
    await assert.rejects(read(folder, bomb), /declared 1000 bytes, found more, as in a decompression bomb/);
  }));

Deno.test("visitZip refuses an encrypted member and an unknown method", () =>
  inFolder(async (folder) => {
    const encrypted = zip({ a: strToU8("x") });
    encrypted[centralEntry(encrypted) + 8]! |= 1;
    await assert.rejects(read(folder, encrypted), /must not be encrypted/);
    const method = zip({ a: strToU8("x") });
    method[centralEntry(method) + 10] = 99;
    await assert.rejects(read(folder, method), /compression method 99/);
  }));
