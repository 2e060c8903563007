import assert from "node:assert/strict";
import { join } from "node:path";
import type { OldRecord } from "../../../src/train/head/format.ts";
import { removeUndo, replayUndo, UndoLog, undoSteps } from "../../../src/train/head/undo.ts";

const HASH = "12".repeat(32);
const record = (row: number): OldRecord => ({
  row,
  record: new Uint8Array(row % 3 === 0 ? 0 : 50).fill(row),
});

async function inFolder(body: (store: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(join(folder, "head.bin"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function replayed(store: string, step: number, hash = HASH): Promise<number[]> {
  const rows: number[] = [];
  await replayUndo(store, step, hash, (old) => {
    for (const { row, record: bytes } of old) {
      assert.deepEqual(new Uint8Array(bytes), record(row).record);
      rows.push(row);
    }
    return Promise.resolve();
  });
  return rows;
}

Deno.test("UndoLog keeps batches in order, and its file is found by step until it is removed", async () => {
  await inFolder(async (store) => {
    const log = await UndoLog.create(store, 70, HASH);
    await log.append(70, [1, 2, 3].map(record));
    await log.append(71, [9, 4].map(record));
    await log.file.close();
    const other = await UndoLog.create(store, 8, HASH);
    await other.file.close();
    await Deno.writeTextFile(`${store}.undo-x`, "not one of ours");
    assert.deepEqual(await undoSteps(store), [8, 70]);
    assert.deepEqual(await replayed(store, 70), [1, 2, 3, 9, 4]);
    assert.deepEqual(await replayed(store, 8), []);
    await removeUndo(store, 70);
    assert.deepEqual(await undoSteps(store), [8]);
  });
});

Deno.test("an undo file cut anywhere gives its complete batches, one of another run none", async () => {
  await inFolder(async (store) => {
    const log = await UndoLog.create(store, 5, HASH);
    await log.append(5, [1, 2].map(record));
    const first = log.bytes;
    await log.append(6, [4, 5].map(record));
    await log.file.close();
    const whole = await Deno.readFile(`${store}.undo-5`);
    assert.equal(whole.length, log.bytes);
    for (let length = 0; length <= whole.length; length++) {
      await Deno.writeFile(`${store}.undo-5`, whole.subarray(0, length));
      const expected = length < first ? [] : length < whole.length ? [1, 2] : [1, 2, 4, 5];
      assert.deepEqual(await replayed(store, 5), expected, `${length} bytes`);
    }
    await assert.rejects(
      replayed(store, 5, "34".repeat(32)),
      /its header must be that of step 5 of this run/,
    );
  });
});
