/**
 * The undo files of a head store: records as they were at a checkpoint, written before a row is overwritten for the
 * first time since. One file a checkpoint, `<store>.undo-<step>`; two at most, between a checkpoint and its commit.
 * Together they hold every row that changed since once, so their size is bounded by the records of that many steps.
 */
import { basename, dirname } from "node:path";
import { failure } from "../../base/error.ts";
import { type Opener, StoreFile } from "./file.ts";
import {
  decodeFrame,
  encodeFrame,
  encodeUndoHeader,
  FRAME_BYTES,
  frameHead,
  type OldRecord,
  UNDO_HEADER_BYTES,
} from "./format.ts";

/** An undo file being written. */
export class UndoLog {
  /** Rows whose old record lies in the file or is on its way there. */
  readonly rows = new Set<number>();
  #end = UNDO_HEADER_BYTES;

  private constructor(readonly step: number, readonly file: StoreFile) {}

  /** Starts the file of a checkpoint, empty; one that is there already is replaced. */
  static async create(store: string, step: number, specHash: string, opener?: Opener): Promise<UndoLog> {
    const file = await StoreFile.open(pathOf(store, step), "w+", 1, opener);
    await file.write(0, encodeUndoHeader(step, specHash));
    await file.sync();
    return new UndoLog(step, file);
  }

  get bytes(): number {
    return this.#end;
  }

  /** Appends the records of one batch. */
  async append(step: number, old: readonly OldRecord[]): Promise<void> {
    const frame = encodeFrame(step, old);
    const at = this.#end;
    this.#end += frame.length;
    await this.file.write(at, frame);
  }
}

function pathOf(store: string, step: number): string {
  return `${store}.undo-${step}`;
}

/** Steps that a store can go back to, ascending: those of its undo files. */
export async function undoSteps(store: string): Promise<number[]> {
  const prefix = `${basename(store)}.undo-`;
  const steps: number[] = [];
  for await (const { name, isFile } of Deno.readDir(dirname(store) || ".")) {
    const digits = name.slice(prefix.length);
    if (isFile && name.startsWith(prefix) && /^\d+$/.test(digits)) steps.push(Number(digits));
  }
  return steps.sort((a, b) => a - b);
}

/** Removes the undo file of a step. */
export async function removeUndo(store: string, step: number): Promise<void> {
  await Deno.remove(pathOf(store, step));
}

/**
 * Hands every complete record of an undo file to `restore`, batch by batch. A frame cut off at the very end was being
 * appended when the process died: its rows were not overwritten yet. Anything else that is not a frame is an error.
 * A file shorter than its header was being created: no row changed since.
 */
export async function replayUndo(
  store: string,
  step: number,
  specHash: string,
  restore: (old: readonly OldRecord[]) => Promise<void>,
  opener?: Opener,
): Promise<void> {
  const path = pathOf(store, step);
  const file = await StoreFile.open(path, "r+", 1, opener);
  const wrong = (required: string, found: string) =>
    failure({
      operation: "roll back by",
      object: `"${path}"`,
      required,
      found,
      wayOut: "it was edited or belongs to another run; restore the folder from a copy or start the run anew",
    });
  try {
    const size = await file.size();
    if (size < UNDO_HEADER_BYTES) return;
    const header = await file.read(0, UNDO_HEADER_BYTES);
    const expected = encodeUndoHeader(step, specHash);
    if (!header.every((b, i) => b === expected[i])) {
      throw wrong(`its header must be that of step ${step} of this run`, "another");
    }
    for (let at = UNDO_HEADER_BYTES; at + FRAME_BYTES <= size;) {
      const head = frameHead(await file.read(at, FRAME_BYTES));
      if (!head) {
        if (await onlyZeros(file, at, size)) return; // a power cut lengthened the file before its bytes came
        throw wrong(`a frame must begin at byte ${at}`, "other bytes");
      }
      const end = at + FRAME_BYTES + head.body;
      if (end > size) return;
      const old = decodeFrame(await file.read(at + FRAME_BYTES, head.body), head.count, head.sum);
      if (!old && end < size) throw wrong(`the frame at byte ${at} must have its checksum`, "another");
      if (!old) return;
      await restore(old);
      at = end;
    }
  } finally {
    await file.close();
  }
}

async function onlyZeros(file: StoreFile, from: number, to: number): Promise<boolean> {
  for (let at = from; at < to; at += 2 ** 20) {
    const bytes = await file.read(at, Math.min(2 ** 20, to - at));
    if (bytes.some((b) => b !== 0)) return false;
  }
  return true;
}
