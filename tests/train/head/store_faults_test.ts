import assert from "node:assert/strict";
import { open as openFile } from "node:fs/promises";
import { AssayError } from "../../../src/base/error.ts";
import { HeadStore } from "../../../src/train/head/store.ts";
import type { Handle, Opener } from "../../../src/train/head/file.ts";
import { recordBytes } from "../../../src/train/head/format.ts";
import { batchAt, contents, inFolder, rowsAt, SPEC, visit } from "./rows.ts";

Deno.test("an edited row, a swapped row, a short or foreign file: one clear error each", async () => {
  await inFolder(async (path) => {
    const store = await HeadStore.create(path, SPEC);
    await visit(store, 0, 3);
    await store.checkpoint(3);
    await store.close();
    const whole = await Deno.readFile(path);
    const opened = async (bytes: Uint8Array, spec = SPEC) => {
      await Deno.writeFile(path, bytes);
      const store = await HeadStore.open(path, spec);
      try {
        await store.rollback(3);
        await store.load(batchAt(1));
      } finally {
        await store.close();
      }
    };
    const edited = (at: number) => {
      const bytes = whole.slice();
      bytes[at]! ^= 4;
      return bytes;
    };
    const stride = recordBytes(SPEC.width);
    const place = (row: number) => 4096 + row * stride;
    const [row, other] = batchAt(1) as [number, number];
    await opened(whole);
    for (const offset of [0, 30, stride - 8, stride - 1]) {
      await assert.rejects(opened(edited(place(row) + offset)), new RegExp(`row ${row} of head store`));
    }
    const untouched = Array.from({ length: SPEC.rows }, (_, i) => i)
      .find((i) => ![0, 1, 2].some((step) => batchAt(step).includes(i)))!;
    const spoiled = edited(place(untouched) + 5);
    await Deno.writeFile(path, spoiled);
    const third = await HeadStore.at(path, SPEC, 3);
    await assert.rejects(third.load([untouched]), /its bytes must have their checksum/);
    await third.close();
    const swapped = whole.slice();
    swapped.set(whole.subarray(place(other), place(other) + stride), place(row));
    await assert.rejects(opened(swapped), /its bytes must have their checksum/);
    await assert.rejects(opened(whole.subarray(0, whole.length - 1)), /it was cut off or extended/);
    await assert.rejects(opened(whole.subarray(0, 100)), /must lie at byte 0, found 100/);
    await assert.rejects(opened(edited(3)), /must begin with ASSAYHD1/);
    await assert.rejects(opened(edited(40)), /header must have its checksum/);
    await assert.rejects(opened(whole, { ...SPEC, seed: 1 }), /its seed must be 1, found 9/);
    await assert.rejects(opened(whole, { ...SPEC, width: 7 }), /its width must be 7, found 6/);
    await assert.rejects(opened(whole, { ...SPEC, specHash: "cd".repeat(32) }), /belongs to another run/);
    await assert.rejects(HeadStore.create(path, SPEC), /the path must be free/);
    await assert.rejects(HeadStore.open(`${path}.none`, SPEC), AssayError);
  });
});

Deno.test("a full disk is named, and the store goes back to its checkpoint once there is room", async () => {
  await inFolder(async (path) => {
    let room = Infinity;
    const opener: Opener = async (p, flags) => {
      const handle = await openFile(p, flags) as unknown as Handle;
      const write = handle.write.bind(handle);
      handle.write = async (bytes, offset, length, position) => {
        const some = Math.min(length, room);
        if (some === 0) throw new Error("ENOSPC: no space left on device, write");
        room -= some;
        return await write(bytes, offset, some, position); // a full disk takes what still fits
      };
      return handle;
    };
    for (const left of [0, 10, 300, 900, 1500]) {
      room = Infinity;
      const store = await HeadStore.at(path, SPEC, 0, { opener });
      await visit(store, 0, 3);
      const good = await contents(store);
      await store.checkpoint(3);
      await store.commit(3);
      room = left;
      await assert.rejects(visit(store, 3, 9), /the disk must have room.*go.* back to the last checkpoint/);
      await assert.rejects(store.load([0]), /the disk must have room/);
      await store.close();
      room = Infinity;
      const again = await HeadStore.at(path, SPEC, 3, { opener });
      assert.deepEqual(await contents(again), good, `${left} bytes of room`);
      await again.close();
      await Deno.remove(`${path}.undo-3`);
    }
  });
});

Deno.test("a read that ends early is completed, one past the end of the file refused", async () => {
  await inFolder(async (path) => {
    const opener: Opener = async (p, flags) => {
      const handle = await openFile(p, flags) as unknown as Handle;
      const read = handle.read.bind(handle);
      handle.read = (bytes, offset, length, position) => read(bytes, offset, Math.min(length, 13), position);
      return handle;
    };
    const store = await HeadStore.create(path, SPEC, { opener });
    await visit(store, 0, 2);
    assert.deepEqual((await store.load(batchAt(1))).data, rowsAt(batchAt(1), 1));
    await Deno.truncate(path, 4096 + 10);
    await assert.rejects(store.load([20]), /must lie at byte .*, found 0, the file ends there/);
    await store.close();
  });
});

Deno.test("a store refuses a row past its end, a row twice, an early checkpoint, a second process and use before rollback", async () => {
  await inFolder(async (path) => {
    const store = await HeadStore.create(path, SPEC);
    await assert.rejects(store.load([50]), /rows are numbered 0 to 49, found 50/);
    assert.throws(() => store.store([50], rowsAt([50], 0), 0), /rows are numbered 0 to 49/);
    assert.throws(() => store.store([1, 1], rowsAt([1, 1], 0), 0), /must be distinct/);
    assert.throws(() => store.store([1], rowsAt([1, 2], 0), 0), /with 18 values each/);
    await visit(store, 0, 2);
    await assert.rejects(store.checkpoint(0), /must lie behind the last checkpoint's 0/);
    await assert.rejects(HeadStore.open(path, SPEC), /no other process may use it/);
    await store.close();
    const again = await HeadStore.open(path, SPEC);
    await assert.rejects(again.load([1]), /roll it back to the checkpoint of the run first/);
    await again.close();
  });
});
