/**
 * Monitors of a run: a linear probe that learns beside the method from the features of its own batches (DIET's protocol),
 * and weighted kNN of the encoder as it stands. Neither changes a bit of what the method trains, and labels reach the
 * probe alone: it is attached when the step is built; method files do not refer to it.
 */
import { failure } from "../base/error.ts";
import type { Device } from "../gpu/device.ts";
import type { Session } from "../gpu/session.ts";
import type { Objective } from "../nn/grad.ts";
import { linear } from "../nn/layers.ts";
import { stopGradient } from "../nn/ops/elementwise.ts";
import { softmaxCrossEntropy } from "../nn/ops/loss.ts";
import { sliceRows } from "../nn/ops/rows.ts";
import type { Scope } from "../nn/scope.ts";
import type { Trace, Value } from "../nn/trace.ts";
import { type EncoderSpec, encoderTensors, extractFeatures, type FeatureOptions } from "./features.ts";
import type { Features, Images } from "./features.ts";
import { accuracyOf, knn, type KnnResult, type KnnSetting } from "./knn.ts";

/** Arena of the probe's parameters: no optimizer walk, momentum copy or layout of the method's sees them. */
const ARENA = "probe";

/**
 * Records a linear classifier on features (N, D) against labels, u32 (N). Nothing flows back into the features. The
 * run's optimizer trains it, as in DIET; its loss stands in the metrics behind the method's own.
 */
export function attachOnlineProbe(s: Scope, features: Value, labels: Value, classes: number): Objective {
  const here = s.inArena(ARENA);
  const logits = linear(here, "linear", features.shape[1]!, classes)(stopGradient(s.t, features));
  return { loss: softmaxCrossEntropy(s.t, logits, labels), wrt: here.parameters("linear") };
}

/**
 * The `observers` of a step with an online probe on the first view of each image. The features are those of the first pass
 * of the trained encoder (arena `online`, training mode), pooled; where a method passes several views at once, the first
 * rows, which are the first view's.
 */
export function onlineProbe(classes: number): (s: Scope) => readonly Objective[] {
  return (s) => {
    const { batch } = s.setup;
    const pass = s.t.features.find((f) => f.arena === "online" && f.mode === "train" && f.stage === "pooled");
    const features = pass?.value;
    if (!features || features.shape[0]! < batch) {
      throw failure({
        operation: "attach",
        object: "an online probe",
        required: `the method must pass ${batch} images through the trained encoder`,
        found: features ? `${features.shape[0]}` : "no pass",
        wayOut: "train without the probe",
      });
    }
    const rows = features.shape[0] === batch ? features : sliceRows(s.t, features, 0, batch);
    return [attachOnlineProbe(s, rows, s.labels(), classes)];
  };
}

/** Accuracy of the probe, as the session holds it, on features of labelled images. */
export async function onlineProbeAccuracy(
  session: Session,
  t: Trace,
  features: Features,
  labels: Uint32Array,
): Promise<number> {
  const read = async (name: string): Promise<Float32Array> => {
    const found = t.parameters.get(`${ARENA}/linear.${name}`);
    if (found) return await session.read(found.value);
    throw failure({
      operation: "test",
      object: "the online probe",
      required: "the step must have one",
      found: "none",
      wayOut: "train with a probe",
    });
  };
  const weight = await read("weight"), bias = await read("bias");
  const { values, rows, width } = features;
  const classes = bias.length;
  if (weight.length !== width * classes) {
    throw failure({
      operation: "test",
      object: "the online probe",
      required: `features must have width ${weight.length / classes}`,
      found: `${width}`,
      wayOut: "take them from the encoder that the probe was trained on",
    });
  }
  const predictions = Uint32Array.from({ length: rows }, (_, row) => {
    let best = 0, most = -Infinity;
    for (let c = 0; c < classes; c++) {
      let score = bias[c]!;
      for (let d = 0; d < width; d++) score += values[row * width + d]! * weight[d * classes + c]!;
      if (score > most) [best, most] = [c, score];
    }
    return best;
  });
  return accuracyOf(predictions, labels);
}

/**
 * Weighted kNN of the encoder that the session trains, as it stands now: training images are the bank, both sets seen
 * without augmentation, batch norm with stored statistics.
 */
export async function onlineKnn(
  device: Device,
  run: { readonly session: Session; readonly trace: Trace; readonly spec: EncoderSpec },
  data: { readonly train: Images; readonly test: Images; readonly classes: number },
  grid: readonly KnnSetting[],
  options: FeatureOptions = {},
): Promise<KnnResult[]> {
  const weights = await encoderTensors(run.session, run.trace);
  const labelled = async (images: Images) => ({
    features: await extractFeatures(device, run.spec, weights, images, options),
    labels: images.labels,
  });
  const task = {
    train: await labelled(data.train),
    test: await labelled(data.test),
    classes: data.classes,
  };
  return await knn(device, task, grid);
}
