/**
 * Head rows between disk and GPU, around every training step. While the GPU works on step k the rows of step k + 1 are
 * read and those of step k - 1 written; a row that both need is handed on in memory. After the step only a copy out of
 * mapped memory and the upload of rows already read stand between two submits. Memory: the rows of four batches.
 */
import { failure } from "../../base/error.ts";
import type { Readback } from "../../gpu/readback.ts";
import type { Session } from "../../gpu/session.ts";
import { HEAD_READBACK, movesOf, requireHeadRows } from "../../nn/head_rows.ts";
import type { HeadRows } from "../../nn/produced.ts";
import { type Multistep, MultistepPlan, type RowUpdate } from "../../nn/multistep.ts";
import type { OptimizerSpec } from "../../nn/optimizers.ts";
import type { Trace } from "../../nn/trace.ts";
import type { HeadStore, LoadedRows } from "./store.ts";

export interface HeadPipelineOptions {
  readonly session: Session;
  readonly trace: Trace;
  readonly store: HeadStore;
  readonly multistep: Multistep;
  /** Images of a step, distinct; undefined past the last step. */
  readonly indicesOf: (step: number) => ArrayLike<number> | undefined;
}

export class HeadPipeline {
  readonly #rows: HeadRows;
  readonly #readback: Readback;
  readonly #plan: MultistepPlan;
  #now: { step: number; indices: ArrayLike<number> } | undefined;
  #next: { step: number; rows: LoadedRows } | undefined;
  /** Rows that a step left, not yet given to the store: that waits until the GPU has the next step to work on. */
  #left: { step: number; indices: ArrayLike<number>; data: Float32Array } | undefined;
  #written: Promise<void> = Promise.resolve();
  /** Set once a step was stopped by the guard: rows on disk stay as the last good step left them. */
  halted = false;

  constructor(readonly options: HeadPipelineOptions) {
    this.#rows = requireHeadRows(options.trace);
    this.#plan = new MultistepPlan(options.multistep);
    this.#readback = options.session.readback(HEAD_READBACK);
    const { width } = options.store.spec;
    if (width !== this.#rows.width) {
      throw failure({
        operation: "attach",
        object: `head store "${options.store.path}"`,
        required: `its rows must have the step's width, ${this.#rows.width}`,
        found: String(width),
        wayOut: "make the store for this projector",
      });
    }
  }

  /** Puts the rows of a step's images, and the moves they are due, on the GPU. Before the step is submitted. */
  async before(step: number, indices: ArrayLike<number>): Promise<void> {
    const { session, store } = this.options;
    const prefetched = this.#next?.step === step;
    if (!prefetched) this.#put(); // the batch may hold rows that the last step left
    const ready = prefetched ? this.#next!.rows : await store.load(indices);
    this.#next = undefined;
    this.#now = { step, indices };
    session.write(this.#rows.rows, ready.data);
    session.write(this.#rows.moves, movesOf(this.#plan, step, ready.lastVisits));
  }

  /** Takes the rows back for the store. After the step was submitted; returns when it has run. */
  async after(step: number): Promise<void> {
    const now = this.#now;
    if (now?.step !== step) {
      throw failure({
        operation: "take back",
        object: `the head rows of step ${step}`,
        required: "the step's rows must have been put on the GPU before",
        found: now ? `those of step ${now.step}` : "none",
        wayOut: "call before and after around each step",
      });
    }
    const capture = await this.#readback.capture();
    this.#put();
    const [next] = await Promise.all([this.#prefetch(step + 1, now.indices), this.#written]);
    const [bytes, flag] = await this.#readback.take(capture);
    this.halted ||= new Uint32Array(flag!.buffer)[0] !== 0;
    if (this.halted) return;
    const data = new Float32Array(bytes!.buffer);
    this.#left = { ...now, data };
    if (next) this.#next = { step: step + 1, rows: handOn(next, data, step, 3 * this.#rows.width) };
  }

  /** Gives the store what the step before left. */
  #put(): void {
    if (!this.#left) return;
    const { indices, data, step } = this.#left;
    this.#left = undefined;
    this.#written = this.options.store.store(indices, data, step);
    this.#written.catch(() => {}); // thrown where it is awaited
  }

  /** Reads the next step's rows, except those on the GPU now. */
  async #prefetch(step: number, current: ArrayLike<number>): Promise<Prefetched | undefined> {
    const indices = this.options.indicesOf(step);
    if (!indices) return undefined;
    const place = new Map(Array.from(current, (row, i) => [row, i]));
    const read = Array.from(indices, (_, i) => i).filter((i) => !place.has(indices[i]!));
    const loaded = await this.options.store.load(read.map((i) => indices[i]!));
    return { sources: Array.from(indices, (row) => place.get(row)), read, loaded };
  }

  /** Waits until every row is written. */
  async drain(): Promise<void> {
    this.#put();
    await this.#written;
    await this.options.store.flush();
  }

  /** Makes the rows after `steps` steps durable; the checkpoint before stays reachable until `commit`. */
  async checkpoint(steps: number): Promise<void> {
    await this.drain();
    await this.options.store.checkpoint(steps);
  }

  /** The run's own checkpoint of `steps` is on disk: earlier ones may be forgotten. */
  async commit(steps: number): Promise<void> {
    await this.options.store.commit(steps);
  }

  /** Writes what is pending and closes the store, whether or not that worked. Before the session is closed. */
  async close(): Promise<void> {
    await this.#readback.idle();
    try {
      await this.drain();
    } finally {
      await this.options.store.close();
    }
  }
}

interface Prefetched {
  /** For each row of the batch its place in the batch before, if it was there. */
  readonly sources: readonly (number | undefined)[];
  /** Places of the rows that were read. */
  readonly read: readonly number[];
  readonly loaded: LoadedRows;
}

/** The rows of the next batch from those read and those that the step just left. */
function handOn(
  { sources, read, loaded }: Prefetched,
  left: Float32Array,
  step: number,
  size: number,
): LoadedRows {
  if (read.length === sources.length) return loaded;
  const data = new Float32Array(sources.length * size);
  const lastVisits = new Int32Array(sources.length).fill(step);
  read.forEach((place, i) => {
    data.set(loaded.data.subarray(i * size, (i + 1) * size), place * size);
    lastVisits[place] = loaded.lastVisits[i]!;
  });
  sources.forEach((source, place) => {
    if (source !== undefined) data.set(left.subarray(source * size, (source + 1) * size), place * size);
  });
  return { data, lastVisits };
}

/** How the rows of a run move: what the method says of them, with the optimizer's own numbers. */
export function multistepOf(
  optimizer: OptimizerSpec,
  update: RowUpdate,
  stepsPerEpoch: number,
): Multistep {
  const refuse = (required: string, found: string) =>
    failure({
      operation: "update",
      object: "head rows",
      required,
      found,
      wayOut: "change the experiment's optimizer or its method",
    });
  if (optimizer.kind !== "adamw") throw refuse("the optimizer must be adamw", optimizer.kind);
  const { weightDecay = 0, beta1, beta2, eps, lr } = optimizer;
  if (typeof weightDecay !== "number") throw refuse("the weight decay must be one number", "a schedule");
  return {
    ...update,
    period: update.period === "epoch" ? stepsPerEpoch : update.period,
    lr,
    weightDecay,
    ...(beta1 !== undefined && { beta1 }),
    ...(beta2 !== undefined && { beta2 }),
    ...(eps !== undefined && { eps }),
  };
}
