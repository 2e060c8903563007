import assert from "node:assert/strict";
import {
  checkHeader,
  decodeFrame,
  decodeRow,
  encodeFrame,
  encodeHeader,
  encodeRow,
  encodeUndoHeader,
  frameHead,
  HEADER_BYTES,
  recordBytes,
  storeBytes,
  UNDO_HEADER_BYTES,
} from "../../../src/train/head/format.ts";

const SPEC = { rows: 5_000_000_000, width: 3, seed: 0xffffffff, specHash: "9a".repeat(32) };

Deno.test("storeBytes counts a header and a record a row, 31.5 GB for ImageNet rows of 2048", () => {
  assert.equal(recordBytes(2048), 2048 * 12 + 8);
  assert.equal(storeBytes({ ...SPEC, rows: 1_281_167, width: 2048 }), 4096 + 1_281_167 * 24_584);
});

Deno.test("a header holds every field, and any changed byte of it is found", () => {
  const header = encodeHeader(SPEC);
  assert.equal(header.length, HEADER_BYTES);
  checkHeader("x", header, SPEC);
  for (let at = 0; at < 96; at++) {
    const edited = header.slice();
    edited[at]! ^= 1;
    assert.throws(() => checkHeader("x", edited, SPEC), /Cannot open head store "x"/, `byte ${at}`);
  }
});

Deno.test("a record gives its row back, and is neither another row's nor an edited one", () => {
  const data = Float32Array.from({ length: 9 }, (_, i) => i - 4.5);
  const record = encodeRow(70_000, { data, lastVisit: 12 });
  assert.equal(record.length, recordBytes(3));
  assert.deepEqual(decodeRow("x", 70_000, record), { data, lastVisit: 12 });
  assert.throws(() => decodeRow("x", 70_001, record), /row 70001 of head store "x"/);
  for (let at = 0; at < record.length; at++) {
    const edited = record.slice();
    edited[at]! ^= 128;
    assert.throws(() => decodeRow("x", 70_000, edited), /its bytes must have their checksum/, `byte ${at}`);
  }
  assert.equal(decodeRow("x", 3, new Uint8Array(recordBytes(3))), undefined);
  assert.throws(() => decodeRow("x", 3, new Uint8Array(recordBytes(3)).fill(1, 4, 5)), /checksum/);
});

Deno.test("a frame gives its old records back, empty ones too, and any changed byte of it is found", () => {
  const old = [
    { row: 7, record: new Uint8Array(0) },
    { row: 4_000_000_000, record: Uint8Array.of(1, 2, 3, 4) },
    { row: 0, record: Uint8Array.of(9) },
  ];
  const frame = encodeFrame(88, old);
  const head = frameHead(frame.subarray(0, 24))!;
  assert.equal(head.body, frame.length - 24);
  const body = frame.subarray(24);
  assert.deepEqual(
    decodeFrame(body, head.count, head.sum)!.map((o) => ({ ...o, record: o.record.slice() })),
    old,
  );
  for (let at = 0; at < frame.length; at++) {
    const edited = frame.slice();
    edited[at]! ^= 2;
    const found = frameHead(edited.subarray(0, 24));
    assert.ok(!found || !decodeFrame(edited.subarray(24), found.count, found.sum), `byte ${at}`);
  }
});

Deno.test("an undo header differs by step and by run", () => {
  const a = encodeUndoHeader(5, SPEC.specHash);
  assert.equal(a.length, UNDO_HEADER_BYTES);
  assert.notDeepEqual(a, encodeUndoHeader(6, SPEC.specHash));
  assert.notDeepEqual(a, encodeUndoHeader(5, "9b".repeat(32)));
});
