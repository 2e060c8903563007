/**
 * Bytes of the head store, little endian.
 *
 * Rows: a header of 4096 bytes, then one record a row: weights, first moment, second moment (width f32 each), the
 * row's last step + 1 (u32, 0: never visited), CRC-32 of all that and the row's number. A record of zeros is a row that
 * was never visited; its weights follow from seed and number, so an untouched row costs no disk.
 *
 * Undo files: a header of 64 bytes with the step of a checkpoint, then frames, one a batch: 24 bytes of frame head, then
 * for each row its number, a word that says whether a record follows, and the record as it was at the checkpoint.
 */
import { crc32 } from "node:zlib";
import { failure } from "../../base/error.ts";

export const HEADER_BYTES = 4096;
export const UNDO_HEADER_BYTES = 64;
const FRAME_BYTES = 24;
const MAGIC = "ASSAYHD1";
const UNDO_MAGIC = "ASSAYUN1";
const FRAME_MAGIC = 0x454d5246; // "FRME"
/** Layout 1: weights, first moment, second moment. */
const LAYOUT = 1;

/** What a store holds; all of it must match to open one. */
export interface HeadStoreSpec {
  /** Images, one row each. */
  readonly rows: number;
  /** Width of a row. */
  readonly width: number;
  /** Seed of the initial weights, u32. */
  readonly seed: number;
  /** SHA-256 of the run's specification, 64 hexadecimal digits. */
  readonly specHash: string;
}

/** Bytes of one row's record. */
export function recordBytes(width: number): number {
  return 12 * width + 8;
}

/** Length of the whole file, holes included. */
export function storeBytes({ rows, width }: HeadStoreSpec): number {
  return HEADER_BYTES + rows * recordBytes(width);
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytesOf = (s: string): Uint8Array => new TextEncoder().encode(s);

/** Magic (8), layout, width, rows (f64), seed, checksum, spec hash (64). */
export function encodeHeader(spec: HeadStoreSpec): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(bytesOf(MAGIC));
  view.setUint32(8, LAYOUT, true);
  view.setUint32(12, spec.width, true);
  view.setFloat64(16, spec.rows, true);
  view.setUint32(24, spec.seed, true);
  bytes.set(bytesOf(spec.specHash), 32);
  view.setUint32(28, crc32(bytes), true);
  return bytes;
}

/** Throws unless the header is that of `spec`. */
export function checkHeader(path: string, bytes: Uint8Array<ArrayBuffer>, spec: HeadStoreSpec): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const wrong = (required: string, found: string, wayOut: string) =>
    failure({ operation: "open", object: `head store "${path}"`, required, found, wayOut });
  if (text(bytes.subarray(0, 8)) !== MAGIC) {
    throw wrong(`it must begin with ${MAGIC}`, "other bytes", "name the head file of a run");
  }
  const sum = view.getUint32(28, true);
  const copy = bytes.slice();
  copy.fill(0, 28, 32);
  if (crc32(copy) !== sum) {
    throw wrong("its header must have its checksum", "another", "it was edited; restore it from a copy");
  }
  const found = {
    layout: view.getUint32(8, true),
    width: view.getUint32(12, true),
    rows: view.getFloat64(16, true),
    seed: view.getUint32(24, true),
    specHash: text(bytes.subarray(32, 96)),
  };
  for (const [name, value] of Object.entries({ layout: LAYOUT, ...spec })) {
    const there = found[name as keyof typeof found];
    if (there !== value) {
      throw wrong(
        `its ${name} must be ${value}`,
        String(there),
        "it belongs to another run; resume that one or choose another folder",
      );
    }
  }
}

/** A row as it lies in memory: 3 * width numbers and the step that visited it last (-1: none). */
export interface Row {
  readonly data: Float32Array;
  readonly lastVisit: number;
}

function checksum(bytes: Uint8Array, row: number): number {
  return crc32(Uint8Array.of(row, row >>> 8, row >>> 16, row >>> 24), crc32(bytes.subarray(0, -4)));
}

export function encodeRow(row: number, { data, lastVisit }: Row): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.length * 4 + 8);
  new Float32Array(bytes.buffer, 0, data.length).set(data);
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 8, lastVisit + 1, true);
  view.setUint32(bytes.length - 4, checksum(bytes, row), true);
  return bytes;
}

/** The row of a record, or undefined for a row never visited. */
export function decodeRow(path: string, row: number, bytes: Uint8Array<ArrayBuffer>): Row | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const visits = view.getUint32(bytes.length - 8, true);
  const sum = view.getUint32(bytes.length - 4, true);
  if (visits === 0 && sum === 0 && bytes.every((b) => b === 0)) return undefined;
  if (visits === 0 || sum !== checksum(bytes, row)) {
    throw failure({
      operation: "read",
      object: `row ${row} of head store "${path}"`,
      required: "its bytes must have their checksum",
      found: "others",
      wayOut:
        "it was edited or the disk is faulty; roll back to a checkpoint or restore the file from a copy",
    });
  }
  return {
    data: new Float32Array(bytes.buffer, bytes.byteOffset, (bytes.length - 8) / 4),
    lastVisit: visits - 1,
  };
}

/** A record as it was, empty for a row never visited. */
export interface OldRecord {
  readonly row: number;
  readonly record: Uint8Array;
}

export function encodeUndoHeader(step: number, specHash: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(UNDO_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(bytesOf(UNDO_MAGIC));
  view.setFloat64(8, step, true);
  bytes.set(bytesOf(specHash.slice(0, 40)), 16);
  view.setUint32(56, crc32(bytes.subarray(0, 56)), true);
  return bytes;
}

/** One batch of old records behind each other. */
export function encodeFrame(step: number, old: readonly OldRecord[]): Uint8Array<ArrayBuffer> {
  const body = old.reduce((sum, o) => sum + 8 + o.record.length, 0);
  const bytes = new Uint8Array(FRAME_BYTES + body);
  const view = new DataView(bytes.buffer);
  let at = FRAME_BYTES;
  for (const { row, record } of old) {
    view.setUint32(at, row, true);
    view.setUint32(at + 4, record.length, true);
    bytes.set(record, at + 8);
    at += 8 + record.length;
  }
  [FRAME_MAGIC, step, old.length, body, crc32(bytes.subarray(FRAME_BYTES))]
    .forEach((word, i) => view.setUint32(4 * i, word, true));
  view.setUint32(20, crc32(bytes.subarray(0, 20)), true);
  return bytes;
}

/** The head of a frame: bytes behind it, how many records, their checksum; undefined where it is not one. */
export function frameHead(bytes: Uint8Array): { body: number; count: number; sum: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0, true) !== FRAME_MAGIC) return undefined;
  if (view.getUint32(20, true) !== crc32(bytes.subarray(0, 20))) return undefined;
  return { count: view.getUint32(8, true), body: view.getUint32(12, true), sum: view.getUint32(16, true) };
}

export { FRAME_BYTES };

/** The records of a frame's body, or undefined where its checksum fails. */
export function decodeFrame(body: Uint8Array, count: number, sum: number): OldRecord[] | undefined {
  if (crc32(body) !== sum) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const old: OldRecord[] = [];
  for (let at = 0; old.length < count;) {
    const length = view.getUint32(at + 4, true);
    old.push({ row: view.getUint32(at, true), record: body.subarray(at + 8, at + 8 + length) });
    at += 8 + length;
  }
  return old;
}
