import assert from "node:assert/strict";
import { open as openFile } from "node:fs/promises";
import { HeadStore } from "../../../src/train/head/store.ts";
import type { Handle, Opener } from "../../../src/train/head/file.ts";
import { recordBytes, storeBytes } from "../../../src/train/head/format.ts";
import { contents, inFolder, rowsAt, SPEC, visit } from "./rows.ts";

Deno.test("a row never visited follows from seed and number, and one visited comes back bit for bit", async () => {
  await inFolder(async (path) => {
    const store = await HeadStore.create(path, SPEC);
    const { data, lastVisits } = await store.load([3, 49, 3]);
    assert.deepEqual([...lastVisits], [-1, -1, -1]);
    assert.deepEqual(data.subarray(0, 18), data.subarray(36));
    assert.notDeepEqual(data.subarray(0, 6), data.subarray(18, 24));
    assert.ok(data.subarray(0, 6).every((v) => v !== 0 && Math.abs(v) <= 1 / Math.sqrt(6)));
    assert.ok(data.subarray(6, 18).every((v) => v === 0));
    const fresh = rowsAt([49, 0], 4);
    await store.store([49, 0], fresh, 4);
    const again = await store.load([0, 3, 49]);
    assert.deepEqual([...again.lastVisits], [4, -1, 4]);
    assert.deepEqual(again.data.subarray(0, 18), fresh.subarray(18));
    assert.deepEqual(again.data.subarray(18, 36), data.subarray(0, 18));
    assert.deepEqual(again.data.subarray(36), fresh.subarray(0, 18));
    await store.close();
    const other = await HeadStore.create(`${path}.other`, { ...SPEC, seed: 10 });
    assert.notDeepEqual((await other.load([3])).data, data.subarray(0, 18));
    await other.close();
  });
});

Deno.test("a row still on its way to the disk is read from memory, the newest of two", async () => {
  await inFolder(async (path) => {
    let slow = false;
    const opener: Opener = async (p, flags) => {
      const handle = await openFile(p, flags) as unknown as Handle;
      const write = handle.write.bind(handle);
      handle.write = async (...args) => {
        if (slow) await new Promise((done) => setTimeout(done, 30));
        return await write(...args);
      };
      return handle;
    };
    const store = await HeadStore.create(path, SPEC, { opener });
    slow = true;
    const one = store.store([1, 2], rowsAt([1, 2], 0), 0);
    const two = store.store([2, 3], rowsAt([2, 3], 1), 1);
    const { data, lastVisits } = await store.load([1, 2, 3]);
    assert.deepEqual([...lastVisits], [0, 1, 1]);
    assert.deepEqual(data.subarray(18), rowsAt([2, 3], 1));
    await Promise.all([one, two]);
    assert.deepEqual((await store.load([1, 2, 3])).data, data);
    await store.close();
  });
});

Deno.test("1.28 million rows of 2048 open at once and take disk only for the rows visited", async () => {
  await inFolder(async (path) => {
    const spec = { ...SPEC, rows: 1_281_167, width: 2048 };
    const store = await HeadStore.create(path, spec);
    const indices = [0, 1, 640_000, 1_281_166];
    const fresh = rowsAt(indices, 3, 2048);
    await store.load(indices);
    await store.store(indices, fresh, 3);
    assert.deepEqual((await store.load(indices)).data, fresh);
    assert.deepEqual((await store.load([77])).lastVisits[0], -1);
    await store.checkpoint(4);
    await store.close();
    const { size, blocks } = await Deno.stat(path);
    assert.equal(size, storeBytes(spec));
    assert.ok(size > 31e9 && blocks! * 512 < 2e6, `${blocks} blocks`);
    const again = await HeadStore.at(path, spec, 4);
    assert.deepEqual((await again.load(indices)).data, fresh);
    await again.close();
  });
});

Deno.test("rollback gives every row back as it was at a checkpoint, the one before until the commit", async () => {
  await inFolder(async (path) => {
    const store = await HeadStore.create(path, SPEC);
    const start = await contents(store);
    await visit(store, 0, 5);
    const atFive = await contents(store);
    await store.checkpoint(5);
    await visit(store, 5, 9);
    const atNine = await contents(store);
    await store.checkpoint(9);
    await visit(store, 9, 12);
    assert.deepEqual(await store.checkpoints(), [0, 5, 9]);
    await store.rollback(9);
    assert.deepEqual(await contents(store), atNine);
    await visit(store, 9, 14);
    await store.rollback(9);
    assert.deepEqual(await contents(store), atNine);
    await store.rollback(5);
    assert.deepEqual(await contents(store), atFive);
    assert.deepEqual(await store.checkpoints(), [0, 5]);
    await store.rollback(0);
    assert.deepEqual(await contents(store), start);
    await visit(store, 0, 5);
    assert.deepEqual(await contents(store), atFive);
    await store.checkpoint(5);
    await store.commit(5);
    assert.deepEqual(await store.checkpoints(), [5]);
    await assert.rejects(store.rollback(0), /must have a checkpoint of step 0, found 5/);
    await store.close();
  });
});

Deno.test("an undo file holds each row once, however often it is visited", async () => {
  await inFolder(async (path) => {
    const store = await HeadStore.create(path, SPEC);
    await visit(store, 0, 30);
    await store.checkpoint(30);
    await visit(store, 30, 200);
    const bound = 64 + 170 * 24 + SPEC.rows * (8 + recordBytes(SPEC.width));
    assert.ok(store.undoBytes <= bound, `${store.undoBytes} against ${bound}`);
    await store.close();
  });
});

Deno.test("a torn frame at the end of an undo file is passed over, an edited one refused", async () => {
  await inFolder(async (path) => {
    const store = await HeadStore.create(path, SPEC);
    await visit(store, 0, 4);
    await store.checkpoint(4);
    const atFour = await contents(store);
    await visit(store, 4, 8);
    await store.close();
    const undo = `${path}.undo-4`;
    const whole = await Deno.readFile(undo);
    const again = async (edit: (bytes: Uint8Array) => Uint8Array) => {
      const copy = `${path}.copy`;
      await Deno.copyFile(path, copy);
      await Deno.writeFile(`${copy}.undo-4`, edit(whole.slice()));
      const store = await HeadStore.open(copy, SPEC);
      try {
        await store.rollback(4);
        return await contents(store);
      } finally {
        await store.close();
      }
    };
    const lastFrame = (await sizesOfFrames(whole)).at(-1)!;
    assert.deepEqual(await again((b) => b), atFour);
    // What a kill while a further frame is appended leaves: any beginning of it.
    const torn = whole.slice(lastFrame);
    for (const length of [1, 23, 24, 40, torn.length - 1]) {
      const bytes = new Uint8Array([...whole, ...torn.subarray(0, length)]);
      assert.deepEqual(await again(() => bytes), atFour, `${length} bytes of a frame`);
    }
    assert.deepEqual(await again((b) => new Uint8Array([...b, ...new Uint8Array(100)])), atFour, "zeros");
    await assert.rejects(again((b) => (b[64 + 30]! ^= 1, b)), /frame at byte 64 must have its checksum/);
    await assert.rejects(again((b) => (b[64]! ^= 1, b)), /a frame must begin at byte 64/);
    await assert.rejects(again((b) => (b[20]! ^= 1, b)), /its header must be that of step 4 of this run/);
  });
});

function sizesOfFrames(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer);
  const starts: number[] = [];
  for (let at = 64; at < bytes.length; at += 24 + view.getUint32(at + 12, true)) starts.push(at);
  return starts;
}
