import assert from "node:assert/strict";
import { join } from "node:path";
import { StoreFile } from "../../../src/train/head/file.ts";
import { HEADER_BYTES, recordBytes, storeBytes } from "../../../src/train/head/format.ts";
import { Records } from "../../../src/train/head/records.ts";

const spec = { rows: 3, width: 4, seed: 5, specHash: "a".repeat(64) };

Deno.test("Records keeps each row in a place of its own, and an empty record takes a visit back", async () => {
  const folder = await Deno.makeTempDir();
  const file = await StoreFile.open(join(folder, "head.bin"), "w+", 1);
  try {
    await file.truncate(storeBytes(spec));
    const records = new Records(join(folder, "head.bin"), spec, file);
    const bytes = new Uint8Array(recordBytes(spec.width)).fill(7);
    await records.write(1, bytes);
    assert.deepEqual(await records.read(1), bytes);
    assert.ok((await records.read(0)).every((b) => b === 0) && (await records.read(2)).every((b) => b === 0));
    assert.deepEqual(await file.read(HEADER_BYTES + bytes.length, bytes.length), bytes);
    await records.write(1, new Uint8Array(0));
    assert.ok((await records.read(1)).every((b) => b === 0));
    await assert.rejects(records.read(3), /rows are numbered 0 to 2, found 3/);
    assert.throws(() => records.check(0.5), /row 0.5/);
  } finally {
    await file.close();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("Records.initial follows from seed and row alone, with moments of zero", () => {
  const of = (seed: number, row: number) =>
    new Records("", { ...spec, seed }, undefined as never).initial(row);
  assert.deepEqual(of(5, 1), of(5, 1));
  assert.notDeepEqual(of(5, 1).data, of(5, 2).data);
  assert.notDeepEqual(of(5, 1).data, of(6, 1).data);
  assert.ok(of(5, 1).data.subarray(spec.width).every((v) => v === 0));
  assert.equal(of(5, 1).lastVisit, -1);
});
