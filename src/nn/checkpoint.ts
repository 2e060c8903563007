/**
 * Checkpoints: every parameter and state of a bound trace by name, optimizer and momentum arenas among them, in one
 * safetensors file. Loading gives the same bits. The metadata holds a SHA-256 of each tensor and one of the whole file,
 * so an edit anywhere is found before anything is written to the session.
 */
import { createHash } from "node:crypto";
import { AssayError, failure } from "../base/error.ts";
import type { Session } from "../gpu/session.ts";
import type { Arena, Value } from "../gpu/value.ts";
import { encodeHead, type SafetensorsDType, SafetensorsFile, type TensorEntry } from "./safetensors.ts";
import { replaceFile } from "../base/write_whole.ts";
import type { Trace } from "./trace.ts";
import { firstNonFinite } from "./weights.ts";

const FORMAT = "assay-checkpoint-1";
/** Stands for the whole-file digest while that digest is computed. */
const NO_DIGEST = "0".repeat(64);

/** What the caller stores beside the tensors: step, seed, hashes. */
export type CheckpointMetadata = Readonly<Record<string, string | number | boolean | null>>;

/** A tensor of a trace under its name. */
export interface NamedTensor {
  readonly name: string;
  readonly value: Value;
}

/**
 * Parameters and states that a step may change, sorted by name: all but those of arenas that are loaded. A name that a
 * parameter and a state share is an error.
 */
export function tensorsOf(t: Trace): NamedTensor[] {
  return everyTensor(t).filter(({ value }) => !t.loaded.has(value.arena!));
}

/** Parameters and states of arenas whose contents are loaded before training, sorted by name. */
export function loadedTensors(t: Trace): NamedTensor[] {
  return everyTensor(t).filter(({ value }) => t.loaded.has(value.arena!));
}

function everyTensor(t: Trace): NamedTensor[] {
  for (const name of t.parameters.keys()) {
    if (t.states.has(name)) {
      throw new AssayError(`Cannot save "${name}": a parameter and a state have this name; rename one.`);
    }
  }
  return [...t.parameters.values(), ...t.states.values()]
    .map(({ name, value }) => ({ name, value }))
    .sort((a, b) => a.name < b.name ? -1 : 1);
}

/** Downloads tensors, one pass over each arena. */
export async function download(
  session: Session,
  tensors: readonly NamedTensor[],
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const arenas = new Map<Arena, Uint8Array<ArrayBuffer>>();
  for (const { value } of tensors) {
    const arena = value.arena!;
    if (!arenas.has(arena)) arenas.set(arena, await session.readBytes(arena));
  }
  return new Map(tensors.map(({ name, value }) => {
    const offset = value.arena!.offsetOf(value);
    return [name, arenas.get(value.arena!)!.subarray(offset, offset + value.bytes)];
  }));
}

export interface SelectOptions {
  /** Which tensors, by name. Default all. */
  readonly select?: (name: string) => boolean;
}

/** Writes a checkpoint; an existing file is replaced whole or stays as it was. */
export async function saveCheckpoint(
  path: string,
  session: Session,
  t: Trace,
  metadata: CheckpointMetadata = {},
  options: SelectOptions = {},
): Promise<void> {
  const tensors = tensorsOf(t).filter(({ name }) => options.select?.(name) ?? true);
  const data = await download(session, tensors);
  const described = tensors.map(({ name, value }) => ({
    name,
    dtype: dtypeOf(value),
    shape: value.shape,
  }));
  const parts = tensors.map(({ name }) => data.get(name)!);
  const hashes = Object.fromEntries(tensors.map(({ name }, i) => [name, sha256(parts[i]!)]));
  const head = (digest: string) =>
    encodeHead(described, {
      format: FORMAT,
      metadata: JSON.stringify(metadata),
      sha256: digest,
      tensors: JSON.stringify(hashes),
    });
  replaceFile(path, [head(sha256(head(NO_DIGEST), ...parts)), ...parts]);
}

/**
 * Checks a whole checkpoint, then writes its tensors to the session. The selected tensors of the trace and of the file
 * must be the same, in name, dtype and shape; otherwise the session is left as it was.
 */
export function loadCheckpoint(
  path: string,
  session: Session,
  t: Trace,
  options: SelectOptions = {},
): CheckpointMetadata {
  using file = SafetensorsFile.open(path);
  const metadata = verify(file);
  const select = options.select ?? (() => true);
  const wanted = tensorsOf(t).filter(({ name }) => select(name));
  const entries = new Map(file.entries.filter((e) => select(e.name)).map((e) => [e.name, e]));
  const pairs = wanted.map(({ name, value }) => ({ value, entry: matching(path, entries, name, value) }));
  const known = new Set(wanted.map(({ name }) => name));
  const extra = [...entries.keys()].find((name) => !known.has(name));
  if (extra !== undefined) {
    throw refuse(path, `the step must have a tensor "${extra}"`, "none of that name in it");
  }
  for (const { value, entry } of pairs) requireFinite(path, value, entry, file.read(entry));
  for (const { value, entry } of pairs) session.write(value, file.read(entry));
  return metadata;
}

/** Metadata of a checkpoint whose every byte was checked. */
export function readCheckpointMetadata(path: string): CheckpointMetadata {
  using file = SafetensorsFile.open(path);
  return verify(file);
}

function matching(
  path: string,
  entries: ReadonlyMap<string, TensorEntry>,
  name: string,
  value: Value,
): TensorEntry {
  const entry = entries.get(name);
  if (!entry) throw refuse(path, `it must hold "${name}"`, `${entries.size} other tensors`);
  const needed = `${dtypeOf(value)} [${value.shape.join(", ")}]`;
  const found = `${entry.dtype} [${entry.shape.join(", ")}]`;
  if (found !== needed) throw refuse(path, `"${name}" must be ${needed}`, found);
  return entry;
}

/** Optimizer state may overflow and go on; anything else that is not finite would only stop the next step. */
function requireFinite(path: string, value: Value, entry: TensorEntry, bytes: Uint8Array<ArrayBuffer>): void {
  if (entry.dtype !== "F32" || value.role === "optimizer") return;
  const data = new Float32Array(bytes.buffer);
  const at = firstNonFinite(data);
  if (at < 0) return;
  throw failure({
    operation: "load",
    object: `checkpoint "${path}"`,
    required: `every element of "${entry.name}" must be finite`,
    found: `${data[at]} at element ${at}`,
    wayOut: "use an earlier checkpoint",
  });
}

function verify(file: SafetensorsFile): CheckpointMetadata {
  const { path, metadata } = file;
  if (metadata.format !== FORMAT) {
    throw refuse(path, `its format must be "${FORMAT}"`, JSON.stringify(metadata.format) ?? "none");
  }
  const digest = metadata.sha256 ?? "";
  const hashes = parse(metadata.tensors);
  const own = parse(metadata.metadata);
  if (!/^[0-9a-f]{64}$/.test(digest) || !hashes || !own) throw edited(path, "its metadata");
  const text = new TextDecoder().decode(file.head.subarray(8));
  const blank = new TextEncoder().encode(text.replace(`"sha256":"${digest}"`, `"sha256":"${NO_DIGEST}"`));
  const whole = createHash("sha256").update(file.head.subarray(0, 8)).update(blank);
  for (const entry of file.entries) {
    const bytes = file.read(entry);
    whole.update(bytes);
    if (hashes[entry.name] !== sha256(bytes)) throw edited(path, `tensor "${entry.name}"`);
  }
  if (whole.digest("hex") !== digest) throw edited(path, "its header");
  return own as CheckpointMetadata;
}

function parse(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null ? value as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}

function dtypeOf(value: Value): SafetensorsDType {
  return value.dtype === "u32" ? "U32" : "F32";
}

function sha256(...parts: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

function edited(path: string, what: string): AssayError {
  return failure({
    operation: "load",
    object: `checkpoint "${path}"`,
    required: `${what} must have the SHA-256 it was written with`,
    found: "another",
    wayOut: "it was changed after it was written, restore it from a copy or use another checkpoint",
  });
}

function refuse(path: string, required: string, found: string): AssayError {
  return failure({
    operation: "load",
    object: `checkpoint "${path}"`,
    required,
    found,
    wayOut: "build the step with the method, encoder and optimizer that wrote it",
  });
}
