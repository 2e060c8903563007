import assert from "node:assert/strict";
import { packTar } from "modern-tar";
import { visitTar } from "../../../src/data/source/tar.ts";
import { gzip, inFolder, LIMITS, put, readAll, tar } from "../synthetic.ts";

async function read(
  folder: string,
  bytes: Uint8Array,
  compressed: boolean,
  limits = LIMITS,
): Promise<Record<string, string>> {
  const path = await put(folder, compressed ? "a.tar.gz" : "a.tar", bytes);
  return await readAll(path, (guard, visit) => visitTar(path, compressed, guard, visit), limits);
}

Deno.test("visitTar reads regular files of tar and tar.gz and leaves folders out", () =>
  inFolder(async (folder) => {
    const plain = await packTar([
      { header: { name: "./", size: 0, type: "directory" } },
      { header: { name: "d/", size: 0, type: "directory" } },
      { header: { name: "./d/one", size: 3 }, body: "uno" },
      { header: { name: "two", size: 0 }, body: "" },
    ]);
    assert.deepEqual(await read(folder, plain, false), { "d/one": "uno", two: "" });
    assert.deepEqual(await read(folder, await gzip(plain), true), { "d/one": "uno", two: "" });
  }));

Deno.test("visitTar refuses links, devices and paths that climb out", () =>
  inFolder(async (folder) => {
    for (const type of ["symlink", "link", "fifo", "character-device"] as const) {
      const bytes = await packTar([{ header: { name: "x", size: 0, type, linkname: "/etc/passwd" } }]);
      await assert.rejects(
        read(folder, bytes, false),
        new RegExp(`member "x" of ".*a.tar".*found a ${type}`),
      );
    }
    await assert.rejects(read(folder, await tar({ "../x": "1" }), false), /climbs out of its folder/);
    await assert.rejects(read(folder, await tar({ "/x": "1" }), false), /absolute path/);
    const up = await packTar([{ header: { name: "../d/", size: 0, type: "directory" } }]);
    await assert.rejects(read(folder, up, false), /climbs out of its folder/);
  }));

Deno.test("visitTar refuses a name that appears twice", () =>
  inFolder(async (folder) => {
    const twice = await packTar(["1", "2"].map((body) => ({ header: { name: "same", size: 1 }, body })));
    await assert.rejects(read(folder, twice, false), /member "same" of .*every name must appear once/);
  }));

Deno.test("visitTar refuses an archive cut anywhere", () =>
  inFolder(async (folder) => {
    // 100 kB that gzip cannot shrink away
    const noise = new Uint8Array(50_000);
    for (let i = 0; i < noise.length; i++) noise[i] = Math.imul(i, 2654435761) >>> 24;
    const plain = await tar({ a: noise, b: noise }), packed = await gzip(plain);
    for (const share of [0.1, 0.5, 0.9]) {
      await assert.rejects(
        read(folder, plain.slice(0, plain.length * share), false),
        /truncated, edited or another format/,
      );
      await assert.rejects(
        read(folder, packed.slice(0, packed.length * share), true),
        /truncated, edited or another format/,
      );
    }
    await assert.rejects(read(folder, new Uint8Array(0), false), /a.tar": it must be a/);
  }));

Deno.test("visitTar refuses edited bytes and other formats", () =>
  inFolder(async (folder) => {
    const plain = await tar({ a: "hello" }), packed = await gzip(await tar({ a: "hello ".repeat(1000) }));
    const header = plain.slice();
    header[0]! ^= 1; // the header's checksum no longer holds
    await assert.rejects(read(folder, header, false), /checksum/i);
    const body = packed.slice();
    body[body.length >> 1]! ^= 0xff;
    await assert.rejects(read(folder, body, true), /truncated, edited or another format/);
    await assert.rejects(read(folder, plain, true), /gzip-compressed tar archive/);
    await assert.rejects(
      read(folder, new TextEncoder().encode("<html>".repeat(300)), false),
      /another format/,
    );
  }));

Deno.test("visitTar stops a decompression bomb at the declared limit", () =>
  inFolder(async (folder) => {
    const limits = { ...LIMITS, totalBytes: 50_000 };
    const bomb = await gzip(new Uint8Array(50_000_000)); // zeros: an endless end of archive
    assert.ok(bomb.length < 60_000);
    await assert.rejects(read(folder, bomb, true, limits), /decompression bomb/);
    const large = await gzip(await tar({ a: new Uint8Array(90_000) }));
    await assert.rejects(read(folder, large, true, limits), /member "a" .*decompression bomb/);
    await assert.rejects(
      read(folder, large, true, { ...LIMITS, memberBytes: 100 }),
      /at most 100 bytes, found 90000/,
    );
  }));
