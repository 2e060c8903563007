/** Evaluations during a run: weighted kNN of the encoder's features, beside what it started from and the bare pixels. */
import type { Dataset } from "../data/load.ts";
import { joined } from "../data/pixels.ts";
import { encoderTensors, extractFeatures, type Features, type Images, rawPixels } from "../eval/features.ts";
import { knn, type KnnTask } from "../eval/knn.ts";
import { linearProbe } from "../eval/linear.ts";
import { logisticProbe } from "../eval/logistic.ts";
import { probeProtocol } from "../eval/protocols.ts";
import type { Device } from "../gpu/device.ts";
import type { RunSpec } from "../record/spec.ts";
import type { Evaluation, TrainOptions } from "./train.ts";

/** Images to learn from and to be tested on. */
export interface Splits {
  readonly train: Dataset;
  readonly test: Dataset;
}

/** What an evaluation looked at. */
export const FEATURES = { encoder: "encoder", untrained: "untrained encoder", pixels: "raw pixels" } as const;

/**
 * The `evaluate` of a run. Before the first step: the untrained encoder (same seed) and the raw pixels. Later: the encoder
 * as it stands; after the last step also a linear probe. Training images are the bank, seen without augmentation;
 * accuracies in percent.
 */
export function evaluatorOf(
  device: Device,
  spec: RunSpec,
  data: Splits,
  options: { readonly pixels: () => Promise<number | undefined>; readonly linear: string },
): NonNullable<TrainOptions["evaluate"]> {
  const { k, T } = spec.evaluation;
  const both = together(data.train, data.test);
  const knnOver = (features: string, top1: number): Evaluation => ({
    protocol: { probe: "knn", features, k, T, dataset: data.test.name },
    values: { top1 },
  });
  return async (trainer) => {
    const weights = await encoderTensors(trainer.session, trainer.step.trace);
    const [train, test] = parted(
      await extractFeatures(device, spec, weights, both),
      data.train.labels.length,
    );
    const task = taskOf(data, train, test);
    const top1 = await knnOf(device, task, spec.evaluation);
    if (trainer.steps === 0) {
      const pixels = await options.pixels();
      const untrained = knnOver(FEATURES.untrained, top1);
      return pixels === undefined ? [untrained] : [untrained, knnOver(FEATURES.pixels, pixels)];
    }
    const now = knnOver(FEATURES.encoder, top1);
    return trainer.steps < trainer.totalSteps
      ? [now]
      : [now, await linearOf(device, task, options.linear, data, spec)];
  };
}

/** The linear probe that a scale names. */
async function linearOf(
  device: Device,
  task: KnnTask,
  name: string,
  data: Splits,
  { seed }: RunSpec,
): Promise<Evaluation> {
  const protocol = { probe: "linear", features: FEATURES.encoder, dataset: data.test.name, protocol: name };
  if (name === "lbfgs") {
    const { accuracy, penalty, converged } = logisticProbe(task, { seed });
    return { protocol: { ...protocol, converged }, values: { top1: 100 * accuracy, penalty } };
  }
  const { accuracy } = await linearProbe(device, task, probeProtocol(name), { seed });
  return { protocol, values: { top1: 100 * accuracy } };
}

/** kNN accuracy of raw pixels, computed once however many runs ask; undefined where one array does not hold them as f32. */
export function pixelAccuracy(
  device: Device,
  data: Splits,
  setting: { readonly k: number; readonly T: number },
): () => Promise<number | undefined> {
  let known: Promise<number> | undefined;
  const bytes = data.train.pixels.count * data.train.size ** 2 * 3 * 4;
  if (bytes > 2 ** 33) return () => Promise.resolve(undefined);
  return () => known ??= knnOf(device, taskOf(data, rawPixels(data.train), rawPixels(data.test)), setting);
}

/** Accuracy in percent. */
async function knnOf(
  device: Device,
  task: KnnTask,
  { k, T }: { readonly k: number; readonly T: number },
): Promise<number> {
  const [result] = await knn(device, task, [{ k, T }]);
  return 100 * result!.accuracy;
}

const taskOf = (data: Splits, train: Features, test: Features): KnnTask => ({
  train: { features: train, labels: data.train.labels },
  test: { features: test, labels: data.test.labels },
  classes: data.train.classes.length,
});

/** Both splits behind each other, so that one pass serves both. */
function together(train: Dataset, test: Dataset): Images {
  const labels = new Uint32Array(train.labels.length + test.labels.length);
  labels.set(train.labels);
  labels.set(test.labels, train.labels.length);
  return { pixels: joined(train.pixels, test.pixels, train.size), size: train.size, labels };
}

/** The first rows, and the others. */
function parted({ values, rows, width }: Features, first: number): [Features, Features] {
  return [
    { values: values.subarray(0, first * width), rows: first, width },
    { values: values.subarray(first * width), rows: rows - first, width },
  ];
}
