/**
 * The safetensors format (github.com/huggingface/safetensors): 8 bytes little-endian header length, a JSON header of names,
 * dtypes, shapes and byte ranges, then the bytes. The reader accepts what the format defines and nothing else; the
 * writer replaces a file whole or leaves it as it was.
 */
import { replaceFile } from "../base/write_whole.ts";
import { AssayError, failure } from "../base/error.ts";

const DTYPE_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;
export type SafetensorsDType = keyof typeof DTYPE_BYTES;

/** Longest header the reference implementation accepts. */
const MAX_HEADER = 100_000_000;

export interface TensorEntry {
  readonly name: string;
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  /** First byte in the file, and length. */
  readonly offset: number;
  readonly bytes: number;
}

export interface TensorToWrite {
  readonly name: string;
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** An open, checked file. Tensor bytes are read when asked for. */
export class SafetensorsFile {
  private constructor(
    readonly path: string,
    readonly file: Deno.FsFile,
    /** The header's text and everything before the first tensor's bytes. */
    readonly head: Uint8Array,
    readonly metadata: Readonly<Record<string, string>>,
    /** In the order of their bytes. */
    readonly entries: readonly TensorEntry[],
  ) {}

  /** Opens and checks a file. Every departure from the format is one AssayError. */
  static open(path: string): SafetensorsFile {
    let file: Deno.FsFile;
    try {
      file = Deno.openSync(path, { read: true });
    } catch (cause) {
      throw failure({
        operation: "read",
        object: `"${path}"`,
        required: "the file must exist and be readable",
        found: cause instanceof Error ? cause.message : String(cause),
        wayOut: "check the path",
      }, cause);
    }
    try {
      const size = file.statSync().size;
      const head = readHead(path, file, size);
      const { metadata, entries } = parseHeader(path, head, size);
      return new SafetensorsFile(path, file, head, metadata, entries);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Bytes of one tensor. */
  read(entry: TensorEntry): Uint8Array<ArrayBuffer> {
    return readAt(this.path, this.file, entry.offset, entry.bytes);
  }

  entry(name: string): TensorEntry | undefined {
    return this.entries.find((e) => e.name === name);
  }

  [Symbol.dispose](): void {
    this.file.close();
  }
}

function readAt(path: string, file: Deno.FsFile, offset: number, bytes: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes);
  file.seekSync(offset, Deno.SeekMode.Start);
  for (let at = 0; at < bytes;) {
    const n = file.readSync(out.subarray(at));
    if (n === null) {
      throw broken(path, `bytes ${offset} to ${offset + bytes} must exist`, `an end at ${offset + at}`);
    }
    at += n;
  }
  return out;
}

function broken(path: string, required: string, found: string): AssayError {
  return failure({
    operation: "read",
    object: `safetensors file "${path}"`,
    required,
    found,
    wayOut: "the file is damaged or of another kind, copy or make it again",
  });
}

function readHead(path: string, file: Deno.FsFile, size: number): Uint8Array {
  if (size < 8) throw broken(path, "it must begin with 8 bytes of header length", `${size} bytes in all`);
  const length = new DataView(readAt(path, file, 0, 8).buffer).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER)) {
    throw broken(path, `its header may have ${MAX_HEADER} bytes`, `a header length of ${length}`);
  }
  if (8n + length > BigInt(size)) {
    throw broken(path, `its header must end at byte ${8n + length}`, `a file of ${size} bytes`);
  }
  return readAt(path, file, 0, 8 + Number(length));
}

function parseHeader(
  path: string,
  head: Uint8Array,
  size: number,
): { metadata: Record<string, string>; entries: TensorEntry[] } {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(head.subarray(8)));
  } catch {
    throw broken(path, "its header must be JSON in UTF-8", "something else");
  }
  if (!isRecord(header) || head[8] !== 0x7b) {
    throw broken(path, "its header must begin with an object", "another JSON value");
  }
  const { __metadata__: metadata = {}, ...tensors } = header;
  if (!isRecord(metadata) || !Object.values(metadata).every((v) => typeof v === "string")) {
    throw broken(path, "its metadata must map names to strings", JSON.stringify(metadata).slice(0, 80));
  }
  const entries = Object.entries(tensors).map(([name, value]) => parseEntry(path, name, value, head.length));
  entries.sort((a, b) => a.offset - b.offset || a.bytes - b.bytes);
  let end = head.length;
  for (const entry of entries) {
    if (entry.offset !== end) {
      const how = entry.offset < end ? "overlaps the one before" : "leaves a gap";
      throw broken(path, "tensors must lie side by side", `tensor "${entry.name}", which ${how}`);
    }
    end = entry.offset + entry.bytes;
  }
  if (end > size) throw broken(path, `its tensors need ${end} bytes`, `${size}: it is truncated`);
  if (end < size) {
    throw broken(path, `it must end with its last tensor at byte ${end}`, `${size - end} bytes behind it`);
  }
  return { metadata: metadata as Record<string, string>, entries };
}

function parseEntry(path: string, name: string, value: unknown, base: number): TensorEntry {
  if (!isRecord(value)) throw broken(path, `tensor "${name}" must be described by an object`, typeof value);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(DTYPE_BYTES, dtype)) {
    throw broken(
      path,
      `tensor "${name}" must have a dtype among ${Object.keys(DTYPE_BYTES).join(", ")}`,
      JSON.stringify(dtype) ?? "none",
    );
  }
  const count = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 0;
  if (!Array.isArray(shape) || !shape.every(count)) {
    throw broken(path, `tensor "${name}" must have a shape`, JSON.stringify(shape) ?? "none");
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(count) || offsets[0]! > offsets[1]!) {
    throw broken(path, `tensor "${name}" must have two byte offsets`, JSON.stringify(offsets) ?? "none");
  }
  const [first, last] = offsets as [number, number];
  const needed = shape.reduce((a, b) => a * b, DTYPE_BYTES[dtype as SafetensorsDType]);
  if (last - first !== needed) {
    throw broken(path, `tensor "${name}", ${dtype} [${shape}], must have ${needed} bytes`, `${last - first}`);
  }
  return { name, dtype: dtype as SafetensorsDType, shape, offset: base + first, bytes: needed };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Header bytes for tensors in the order given: length, JSON, spaces to a multiple of 8. */
export function encodeHead(
  tensors: readonly Omit<TensorToWrite, "data">[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = Object.create(null);
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  let at = 0;
  for (const { name, dtype, shape } of tensors) {
    if (name in header || name === "__metadata__") {
      throw new AssayError(`Cannot write tensor "${name}": the name is taken; give every tensor its own.`);
    }
    const bytes = shape.reduce((a, b) => a * b, DTYPE_BYTES[dtype]);
    header[name] = { dtype, shape, data_offsets: [at, at + bytes] };
    at += bytes;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20);
  new DataView(padded.buffer).setBigUint64(0, BigInt(padded.length - 8), true);
  padded.set(json, 8);
  return padded;
}

/** Writes a file of these tensors, sorted by name; see `replaceFile`. */
export function writeSafetensors(
  path: string,
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = {},
): void {
  const sorted = [...tensors].sort((a, b) => a.name < b.name ? -1 : 1);
  const head = encodeHead(sorted, metadata);
  for (const { name, dtype, shape, data } of sorted) {
    const bytes = shape.reduce((a, b) => a * b, DTYPE_BYTES[dtype]);
    if (data.length !== bytes) {
      throw new AssayError(
        `Cannot write tensor "${name}": ${dtype} [${shape}] has ${bytes} bytes, found ${data.length}.`,
      );
    }
  }
  replaceFile(path, [head, ...sorted.map((t) => t.data)]);
}
