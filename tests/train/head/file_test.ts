import assert from "node:assert/strict";
import { join } from "node:path";
import { diskError, type Handle, StoreFile } from "../../../src/train/head/file.ts";

async function inFolder(body: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(join(folder, "file"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("StoreFile reads back what many scattered writes at once put there", async () => {
  await inFolder(async (path) => {
    const file = await StoreFile.open(path, "w+", 5);
    await file.truncate(1 << 20);
    const block = (i: number) => new Uint8Array(100).fill(i);
    const places = Array.from({ length: 200 }, (_, i) => (i * 7919) % 200);
    await Promise.all(places.map((i) => file.write(i * 5000, block(i))));
    await file.sync();
    const read = await Promise.all(places.map((i) => file.read(i * 5000, 100)));
    places.forEach((place, i) => assert.deepEqual(read[i], block(place)));
    assert.deepEqual(await file.read(150, 4), new Uint8Array(4), "a hole is zeros");
    assert.equal(await file.size(), 1 << 20);
    await file.close();
  });
});

Deno.test("StoreFile names a missing file, and gives back the handles it had when a later one fails", async () => {
  await inFolder(async (path) => {
    await assert.rejects(
      StoreFile.open(path, "r+", 2),
      /Cannot open ".*file": the operating system must allow it/,
    );
    let open = 0;
    const opener = () => {
      if (open === 2) return Promise.reject(new Error("EMFILE: too many open files"));
      open++;
      return Promise.resolve({ close: () => Promise.resolve(void open--) } as unknown as Handle);
    };
    await assert.rejects(StoreFile.open(path, "r+", 4, opener), /too many open files/);
    assert.equal(open, 0);
  });
});

Deno.test("diskError tells a full disk from other refusals", () => {
  for (
    const message of ["ENOSPC: no space left on device", "No space left on device (os error 28)", "EDQUOT"]
  ) {
    assert.match(diskError("write", "a", new Error(message)).message, /the disk must have room.*free space/);
  }
  assert.match(
    diskError("read", "a", new Error("EIO")).message,
    /the operating system must allow it, found EIO/,
  );
});
