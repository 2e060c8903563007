/**
 * Head rows and their AdamW moments on disk, one record a training image: a visit is one read and one write. Memory
 * holds the rows of a few batches, however many there are; rows never visited follow from seed and number and take no disk.
 *
 * Crash safety. Before a row is overwritten for the first time since a checkpoint, its old record goes into an undo
 * file. A process killed anywhere leaves undo records for every row that may have changed, torn ones among them;
 * `rollback` puts them back and the run goes on from its checkpoint bit for bit. With `durable` the undo file is flushed to
 * the disk itself before rows change, which a power cut asks for; without it rows and undo files are flushed at
 * checkpoints alone, which is enough when the process is killed and the machine keeps running.
 *
 * Order at a checkpoint: `checkpoint(step)`, then the run's own file, then `commit(step)`. Until the commit both this
 * step and the one before can be gone back to. Undo files hold at most 2 * min(rows, batch * steps between checkpoints)
 * records.
 */
import { AssayError, failure } from "../../base/error.ts";
import { diskError, exists, type HeadStoreOptions, lockFile, StoreFile } from "./file.ts";
import {
  checkHeader,
  decodeRow,
  encodeHeader,
  encodeRow,
  HEADER_BYTES,
  type HeadStoreSpec,
  type OldRecord,
  storeBytes,
} from "./format.ts";
import { type LoadedRows, Records } from "./records.ts";
import { removeUndo, replayUndo, UndoLog, undoSteps } from "./undo.ts";

export type { HeadStoreOptions, HeadStoreSpec, LoadedRows };

/** Handles on the file: how many scattered reads are under way at once. */
const HANDLES = 16;
/** Batches whose old records are kept in memory between `load` and `store`. */
const KEPT_LOADS = 4;
const NEVER = new Uint8Array(0);

export class HeadStore {
  /** Records on their way to the disk, by row. */
  readonly #pending = new Map<number, Uint8Array<ArrayBuffer>>();
  /** Records as they lie on disk, of the last few loads. */
  readonly #loaded: Map<number, Uint8Array>[] = [];
  #writing: Promise<void> = Promise.resolve();
  #undo: UndoLog | undefined;
  #broken: unknown;
  readonly #records: Records;

  private constructor(
    readonly path: string,
    readonly spec: HeadStoreSpec,
    readonly file: StoreFile,
    readonly lock: Deno.FsFile,
    readonly options: HeadStoreOptions,
  ) {
    this.#records = new Records(path, spec, file);
  }

  /** Creates a store at step 0, ready to use. An existing file is an error. */
  static async create(path: string, spec: HeadStoreSpec, options: HeadStoreOptions = {}): Promise<HeadStore> {
    if (await exists(path)) {
      throw failure({
        operation: "create",
        object: `head store "${path}"`,
        required: "the path must be free",
        found: "a file",
        wayOut: "resume its run or choose another folder",
      });
    }
    for (const step of await undoSteps(path)) await removeUndo(path, step);
    const file = await StoreFile.open(path, "w+", HANDLES, options.opener);
    try {
      await file.truncate(storeBytes(spec));
      await file.write(0, encodeHeader(spec));
      await file.sync();
      const store = new HeadStore(path, spec, file, await lockFile(path), options);
      store.#undo = await UndoLog.create(path, 0, spec.specHash, options.opener);
      return store;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Opens a store as a killed or ended run left it; `rollback` must name the step to go on from. */
  static async open(path: string, spec: HeadStoreSpec, options: HeadStoreOptions = {}): Promise<HeadStore> {
    const file = await StoreFile.open(path, "r+", HANDLES, options.opener);
    try {
      const size = await file.size();
      checkHeader(path, await file.read(0, HEADER_BYTES), spec);
      if (size !== storeBytes(spec)) {
        throw failure({
          operation: "open",
          object: `head store "${path}"`,
          required: `it must have ${storeBytes(spec)} bytes`,
          found: String(size),
          wayOut: "it was cut off or extended; restore it from a copy or start the run anew",
        });
      }
      return new HeadStore(path, spec, file, await lockFile(path), options);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** The store as it was after `step` steps: created for step 0, whatever lies there; opened and rolled back otherwise. */
  static async at(
    path: string,
    spec: HeadStoreSpec,
    step: number,
    options: HeadStoreOptions = {},
  ): Promise<HeadStore> {
    if (step === 0) {
      if (await exists(path)) await Deno.remove(path);
      return await HeadStore.create(path, spec, options);
    }
    const store = await HeadStore.open(path, spec, options);
    try {
      await store.rollback(step);
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** Steps that `rollback` can go to. */
  checkpoints(): Promise<number[]> {
    return undoSteps(this.path);
  }

  /** Bytes of the current undo file. */
  get undoBytes(): number {
    return this.#undo?.bytes ?? 0;
  }

  /** Reads rows; those on their way to the disk come from memory. Errors: a row past the end, an edited record. */
  async load(indices: ArrayLike<number>): Promise<LoadedRows> {
    this.#check("load rows from");
    const { width } = this.spec;
    const data = new Float32Array(indices.length * 3 * width);
    const lastVisits = new Int32Array(indices.length);
    const records = new Map<number, Uint8Array>();
    await Promise.all(Array.from(indices, async (row, i) => {
      const bytes = this.#pending.get(row) ?? await this.#records.read(row);
      const found = decodeRow(this.path, row, bytes) ?? this.#records.initial(row);
      records.set(row, found.lastVisit < 0 ? NEVER : bytes);
      data.set(found.data, i * 3 * width);
      lastVisits[i] = found.lastVisit;
    }));
    this.#loaded.push(records);
    if (this.#loaded.length > KEPT_LOADS) this.#loaded.shift();
    return { data, lastVisits };
  }

  /**
   * Takes rows (B, 3, width) as step `step` left them. They count as stored at once; the promise resolves when they
   * are written. Rows must be distinct.
   */
  store(indices: ArrayLike<number>, data: Float32Array, step: number): Promise<void> {
    this.#check("store rows in");
    const size = 3 * this.spec.width;
    if (new Set(Array.from(indices)).size !== indices.length || data.length !== indices.length * size) {
      throw failure({
        operation: "store rows in",
        object: `"${this.path}"`,
        required: `row numbers must be distinct, with ${size} values each`,
        found: `${indices.length} numbers and ${data.length} values`,
        wayOut: "draw batches without repetition",
      });
    }
    const rows = Array.from(indices, (row, i) => {
      this.#records.check(row);
      const values = data.subarray(i * size, (i + 1) * size);
      return { row, bytes: encodeRow(row, { data: values, lastVisit: step }) };
    });
    const undo = this.#undo!;
    const first = rows.filter(({ row }) => !undo.rows.has(row));
    const old = Promise.all(first.map(({ row }) => this.#oldRecord(row)));
    old.catch(() => {}); // awaited below, perhaps after it failed
    for (const { row, bytes } of rows) {
      undo.rows.add(row);
      this.#pending.set(row, bytes);
      for (const records of this.#loaded) records.delete(row);
    }
    const written = this.#writing.then(async () => {
      this.#check("store rows in");
      const records = await old;
      if (records.length > 0) {
        await undo.append(step, records);
        if (this.options.durable) await undo.file.sync();
      }
      await Promise.all(rows.map(async ({ row, bytes }) => {
        await this.#records.write(row, bytes);
        if (this.#pending.get(row) === bytes) this.#pending.delete(row);
      }));
    }).catch((cause) => {
      this.#broken ??= cause;
      throw cause;
    });
    this.#writing = written.catch(() => {});
    return written;
  }

  /** Waits until everything stored is written. */
  async flush(): Promise<void> {
    await this.#writing;
    this.#check("write");
  }

  /**
   * Makes the rows as they are the state of `step` steps, on the disk itself. The checkpoint before stays reachable until `commit`.
   */
  async checkpoint(step: number): Promise<void> {
    await this.flush();
    const before = this.#undo!;
    if (step === before.step && before.rows.size === 0) return;
    if (step <= before.step) {
      throw failure({
        operation: "checkpoint",
        object: `head store "${this.path}"`,
        required: `the step must lie behind the last checkpoint's ${before.step}`,
        found: String(step),
        wayOut: "roll back before training on",
      });
    }
    await this.file.sync();
    this.#undo = await UndoLog.create(this.path, step, this.spec.specHash, this.options.opener);
    await before.file.close();
  }

  /** Removes the undo files of checkpoints before `step`: the run's own checkpoint of that step is on disk. */
  async commit(step: number): Promise<void> {
    for (const earlier of await undoSteps(this.path)) {
      if (earlier < step) await removeUndo(this.path, earlier);
    }
  }

  /** Puts every row back to its state at the checkpoint of `step`. Killed on the way, it can be done again. */
  async rollback(step: number): Promise<void> {
    this.#broken = undefined;
    await this.#writing;
    this.#pending.clear();
    this.#loaded.length = 0;
    const steps = await this.checkpoints();
    if (!steps.includes(step)) {
      throw failure({
        operation: "roll back",
        object: `head store "${this.path}"`,
        required: `it must have a checkpoint of step ${step}`,
        found: steps.join(", ") || "none",
        wayOut: "resume from one of those, or start the run anew",
      });
    }
    await this.#undo?.file.close();
    this.#undo = undefined;
    for (const later of steps.filter((s) => s >= step).reverse()) {
      await replayUndo(this.path, later, this.spec.specHash, async (old) => {
        await Promise.all(old.map(({ row, record }) => this.#records.write(row, record)));
      }, this.options.opener);
    }
    await this.file.sync();
    // Later checkpoints first: were one of them left behind an emptied earlier one, it would be undone on top of it.
    for (const later of steps.filter((s) => s > step).reverse()) await removeUndo(this.path, later);
    this.#undo = await UndoLog.create(this.path, step, this.spec.specHash, this.options.opener);
  }

  /** Writes what is pending and gives the file back. Safe after an error. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#undo?.file.close();
    await this.file.close();
    this.lock.close();
  }

  async #oldRecord(row: number): Promise<OldRecord> {
    for (const records of this.#loaded.toReversed()) {
      const record = records.get(row);
      if (record) return { row, record };
    }
    const bytes = await this.#records.read(row);
    return { row, record: decodeRow(this.path, row, bytes) ? bytes : NEVER };
  }

  #check(operation: string): void {
    if (this.#broken !== undefined) {
      if (this.#broken instanceof AssayError) throw this.#broken;
      throw diskError(operation, this.path, this.#broken);
    }
    if (!this.#undo) {
      throw failure({
        operation,
        object: `head store "${this.path}"`,
        required: "the step to go on from must be known",
        found: "a store just opened",
        wayOut: "roll it back to the checkpoint of the run first",
      });
    }
  }
}
