/**
 * Features of a dataset's images: an encoder in eval mode over the unaugmented views, batch by batch. Every image has a
 * row, in the order of the dataset; batch norm uses its stored statistics, so no row depends on its batch.
 */
import { recordView, sourceWords, viewWords } from "../data/augment/kernel.ts";
import { VIEW_WORDS } from "../data/augment/draw.ts";
import type { Normalise, Recipe } from "../data/augment/recipe_schema.ts";
import { recipeViews } from "../data/augment/recipes.ts";
import { statisticsOf } from "../data/augment/statistics.ts";
import type { Dataset } from "../data/load.ts";
import { failure } from "../base/error.ts";
import type { Device } from "../gpu/device.ts";
import { plan } from "../gpu/planner.ts";
import { Session } from "../gpu/session.ts";
import { rootOf } from "../gpu/value.ts";
import { tensorsOf } from "../nn/checkpoint.ts";
import type { Encoder } from "../nn/encoder.ts";
import { encoderOf } from "../nn/encoders/table.ts";
import { globalAvgPool } from "../nn/ops/pool.ts";
import { Scope } from "../nn/scope.ts";
import { initialise } from "../nn/state.ts";
import { Trace, type Value } from "../nn/trace.ts";
import { ENCODER, type EncoderTensors, writeWeights } from "../nn/weights.ts";

export type { EncoderTensors } from "../nn/weights.ts";

/** What labelled features are taken from: images and nothing else of a dataset. */
export type Images = Pick<Dataset, "pixels" | "size" | "labels">;

/** Rows of features, row-major. */
export interface Features {
  /** (rows, width) */
  readonly values: Float32Array<ArrayBuffer>;
  readonly rows: number;
  readonly width: number;
}

/** An encoder as a run's specification names it. */
export interface EncoderSpec {
  readonly encoder: {
    readonly name: string;
    readonly width: number;
    readonly options?: Readonly<Record<string, unknown>>;
  };
  /** Side of the views it was trained on. */
  readonly side: number;
  /** The stage whose pooled map is wanted, from 1; absent: the features behind all of them. */
  readonly stage?: number;
}

/** A trained encoder's tensors, or the seed of a run whose untrained encoder is wanted: its initial values. */
export type Weights = EncoderTensors | { readonly untrained: number };

/** What of a stored image an encoder is shown. */
export interface EvaluationView {
  /** Side in pixels; need not be the one that the encoder was trained on. */
  readonly side: number;
  /** `whole`: the stored square, resized; `centre`: its middle, not resized, as 224 of a store of 256. */
  readonly crop: "whole" | "centre";
}

export interface FeatureOptions {
  /** Default: the whole stored square at the side the encoder was trained on. */
  readonly view?: EvaluationView;
  /** Images in a pass. Default 512 of small images, since every pass waits for its answer; 128 above 64 x 64. */
  readonly batch?: number;
  /** Channel statistics. Default ImageNet's, as in training. */
  readonly normalise?: Normalise;
  readonly progress?: (done: number, total: number) => void;
}

/**
 * The encoder's tensors as a session holds them now. `arena` chooses a copy: "online" is what the optimizer trains,
 * others are momentum encoders. Errors: no encoder there.
 */
export async function encoderTensors(session: Session, t: Trace, arena = "online"): Promise<EncoderTensors> {
  const prefix = `${arena === "online" ? "" : `${arena}/`}${ENCODER}.`;
  const found = tensorsOf(t).filter(({ name }) => name.startsWith(prefix));
  if (found.length === 0) {
    throw failure({
      operation: "evaluate",
      object: `the encoder in arena "${arena}"`,
      required: `the step must have tensors named "${prefix}..."`,
      found: "none",
      wayOut: "name the arena that holds the encoder to evaluate",
    });
  }
  const tensors = new Map<string, Float32Array<ArrayBuffer>>();
  for (const { name, value } of found) {
    tensors.set(name.slice(prefix.length - ENCODER.length - 1), await session.read(value));
  }
  return tensors;
}

/**
 * Features (N, features) of all images of a dataset. What the pass allocates on the device is given back at the end.
 * Errors: tensors that are not those of the encoder, by name and size; a centre larger than the stored images.
 */
export async function extractFeatures(
  device: Device,
  spec: EncoderSpec,
  weights: Weights,
  data: Images,
  options: FeatureOptions = {},
): Promise<Features> {
  const rows = data.labels.length;
  const { side, crop } = options.view ?? { side: spec.side, crop: "whole" };
  const batch = Math.min(options.batch ?? (side > 64 ? 128 : 512), rows);
  const { size } = data;
  const t = new Trace({ target: device.target });
  const s = Scope.root(t, { batch }, "eval");
  const [whole] = recipeViews("eval", 1, options.normalise);
  const recipe: Recipe = crop === "centre" ? { ...whole!, crop } : whole!;
  const source = s.batchInput("source", [sourceWords(batch, size)], "u32");
  const words = s.batchInput("words", [batch, VIEW_WORDS], "u32");
  const view = recordView(t.program, { source, words }, { batch, size, side }, recipe, "eval view");
  const encoder = encoderOf(spec.encoder, s.child(ENCODER), side);
  const looked = lookedAt(t, encoder, view, spec.stage);
  const output = rootOf(t.program.output(looked));
  const width = looked.shape[1]!;

  const planned = plan(t.program, { maxBufferBytes: device.raw.limits.maxBufferSize });
  const session = await Session.bind(device, planned);
  try {
    if ("untrained" in weights) initialise(session, t, weights.untrained);
    else writeWeights(session, tensorsOf(t), weights, spec.encoder.name);
    const values = new Float32Array(rows * width);
    const bytes = new Uint8Array(sourceWords(batch, size) * 4);
    // Nothing is drawn for these views: the words say the same crop whatever the sample.
    session.write(
      words,
      viewWords(recipe, { seed: 0, epoch: 0, view: 0 }, new Uint32Array(batch), size, side),
    );
    for (let at = 0; at < rows; at += batch) {
      const count = Math.min(batch, rows - at);
      data.pixels.read(Uint32Array.from({ length: count }, (_, i) => at + i), bytes);
      session.write(source, new Uint32Array(bytes.buffer));
      session.replay();
      const part = await session.readBytes(output, 0, count * width * 4);
      values.set(new Float32Array(part.buffer), at * width);
      options.progress?.(at + count, rows);
    }
    return { values, rows, width };
  } finally {
    session.close();
  }
}

/** Features of a view, (N, features), or the pooled map of a stage, (N, channels). Errors: a stage that is not there. */
function lookedAt(t: Trace, encoder: Encoder, view: Value, stage: number | undefined): Value {
  if (stage === undefined) return encoder.apply(view);
  if (stage > encoder.stages.length) {
    throw failure({
      operation: "probe",
      object: `stage ${stage} of encoder "${encoder.name}"`,
      required: `it must be one of 1 to ${encoder.stages.length}`,
      found: `${stage}`,
      wayOut: "name a stage that the encoder has",
    });
  }
  return globalAvgPool(t, encoder.stages.slice(0, stage).reduce((h, apply) => apply(h), view));
}

/** Raw pixels as features (N, size * size * 3): what the encoder sees of an unaugmented image, at the stored size. */
export function rawPixels({ pixels, size }: Images, normalise: Normalise = "imagenet"): Features {
  const { mean, std } = statisticsOf(normalise);
  const [rows, width] = [pixels.count, size * size * 3];
  const values = new Float32Array(rows * width);
  const image = new Uint8Array(width);
  for (let row = 0; row < rows; row++) {
    pixels.read([row], image);
    for (let i = 0; i < width; i++) values[row * width + i] = (image[i]! / 255 - mean[i % 3]!) / std[i % 3]!;
  }
  return { values, rows, width };
}
