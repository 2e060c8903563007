/** The host's part of a step: which images, their bytes and labels, and the words drawn for their views. */
import { failure } from "../base/error.ts";
import { recordView, sourceWords, viewWords } from "../data/augment/kernel.ts";
import { VIEW_WORDS } from "../data/augment/draw.ts";
import type { Dataset } from "../data/load.ts";
import { permutation } from "../base/random.ts";
import type { Session } from "../gpu/session.ts";
import type { Scope } from "../nn/scope.ts";
import type { Trace, Value } from "../nn/trace.ts";
import { stepsPerEpoch, type ViewGroup } from "../record/spec/spec.ts";

/** The single views of groups, in order. */
const single = (groups: readonly ViewGroup[]): ViewGroup[] =>
  groups.flatMap((group) => Array.from({ length: group.count }, () => group));

/** Records the views of a batch, whose images are stored at `stored` pixels: the `views` member of a step's configuration. */
export function recordViews(groups: readonly ViewGroup[], stored: number): (s: Scope) => Value[] {
  return (s) => {
    const batch = s.setup.batch;
    const source = s.batchInput("source", [sourceWords(batch, stored)], "u32");
    return single(groups).map(({ size: side, recipe }, v) => {
      const words = s.batchInput(`words${v}`, [batch, VIEW_WORDS], "u32");
      return recordView(s.t.program, { source, words }, { batch, size: stored, side }, recipe, `view ${v}`);
    });
  };
}

/** The epoch under which views of the initial pass are drawn; no run is so long. */
const INITIAL_EPOCH = 0xffffffff;

/** Writes batches of one dataset in the order that (seed, epoch) decides. */
export class Batches {
  readonly stepsPerEpoch: number;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #views: readonly ViewGroup[];
  #order: { epoch: number; indices: Uint32Array } | undefined;

  constructor(
    readonly data: Dataset,
    readonly batch: number,
    groups: readonly ViewGroup[],
    readonly seed: number,
    /** Parts that a step's batch is cut into. */
    readonly parts = 1,
  ) {
    this.#views = single(groups);
    this.stepsPerEpoch = stepsPerEpoch(data.labels.length, batch);
    if (this.stepsPerEpoch === 0) {
      throw failure({
        operation: "train",
        object: `on ${data.name} (${data.split})`,
        required: `an epoch must have at least one batch of ${batch} images`,
        found: `${data.labels.length} images`,
        wayOut: "use a smaller batch or more images",
      });
    }
    this.#bytes = new Uint8Array(sourceWords(this.traced, data.size) * 4);
  }

  /** Images of a step, in the order of the batch's rows. */
  indices(step: number): Uint32Array<ArrayBuffer> {
    const epoch = Math.floor(step / this.stepsPerEpoch);
    if (this.#order?.epoch !== epoch) {
      this.#order = { epoch, indices: permutation(this.data.labels.length, this.seed, epoch) };
    }
    const at = (step % this.stepsPerEpoch) * this.batch;
    return Uint32Array.from(this.#order.indices.subarray(at, at + this.batch));
  }

  /** Uploads what the trace's inputs ask for of a step or one of its parts: sources, drawn words, labels, indices. */
  write(session: Session, t: Trace, step: number, part = 0): void {
    const size = this.traced;
    const indices = this.indices(step).slice(part * size, (part + 1) * size);
    this.#upload(session, t, indices, Math.floor(step / this.stepsPerEpoch));
  }

  /** Images that a replay sees: a step's, or one of its parts. */
  get traced(): number {
    return this.batch / this.parts;
  }

  /** Batches of the initial pass, which leaves no image out. */
  get initialBatches(): number {
    return Math.ceil(this.data.labels.length / this.traced);
  }

  /** Images of a batch of the initial pass: in index order; the last batch is filled from before its first image. */
  initialIndices(number: number): Uint32Array<ArrayBuffer> {
    const from = Math.min(number * this.traced, this.data.labels.length - this.traced);
    return Uint32Array.from({ length: this.traced }, (_, i) => from + i);
  }

  /** Uploads a batch of the initial pass, with views that no epoch draws. */
  writeInitial(session: Session, t: Trace, number: number): void {
    this.#upload(session, t, this.initialIndices(number), INITIAL_EPOCH);
  }

  #upload(session: Session, t: Trace, indices: Uint32Array<ArrayBuffer>, epoch: number): void {
    const { pixels, labels, size } = this.data;
    pixels.read(indices, this.#bytes);
    const given: Record<string, Uint32Array<ArrayBuffer>> = {
      source: new Uint32Array(this.#bytes.buffer),
      labels: Uint32Array.from(indices, (i) => labels[i]!),
      index: indices,
    };
    this.#views.forEach(({ recipe, size: side }, view) => {
      given[`words${view}`] = viewWords(recipe, { seed: this.seed, epoch, view }, indices, size, side);
    });
    for (const [name, value] of t.inputs) {
      const data = given[name];
      if (data) session.write(value, data);
    }
  }
}
