/** Evaluations during a run: weighted kNN of the encoder's features, beside what it started from and the bare pixels. */
import type { Dataset } from "../../data/load.ts";
import {
  encoderTensors,
  extractFeatures,
  type Features,
  type Images,
  rawPixels,
} from "../../eval/features.ts";
import { knn } from "../../eval/knn.ts";
import type { Device } from "../../gpu/device.ts";
import type { RunSpec } from "./spec.ts";
import type { Evaluation, TrainOptions } from "./train.ts";

/** What a kNN evaluation looked at. */
export const FEATURES = { encoder: "encoder", untrained: "untrained encoder", pixels: "raw pixels" } as const;

/**
 * The `evaluate` of a run. Before the first step: the untrained encoder (same seed) and the raw pixels. Later: the encoder
 * as it stands. Training images are the bank, seen without augmentation; accuracies in percent.
 */
export function evaluatorOf(
  device: Device,
  spec: RunSpec,
  data: { readonly train: Dataset; readonly test: Dataset },
  pixels: () => Promise<number>,
): NonNullable<TrainOptions["evaluate"]> {
  const { k, T } = spec.evaluation;
  const both = together(data.train, data.test);
  const protocol = (features: string) => ({ probe: "knn", features, k, T, dataset: data.test.name });
  return async (trainer) => {
    const weights = await encoderTensors(trainer.session, trainer.step.trace);
    const [train, test] = parted(
      await extractFeatures(device, spec, weights, both),
      data.train.labels.length,
    );
    const top1 = await knnOf(device, data, train, test, spec.evaluation);
    if (trainer.steps > 0) return [{ protocol: protocol(FEATURES.encoder), values: { top1 } }];
    const start: Evaluation[] = [
      { protocol: protocol(FEATURES.untrained), values: { top1 } },
      { protocol: protocol(FEATURES.pixels), values: { top1: await pixels() } },
    ];
    return start;
  };
}

/** kNN accuracy of raw pixels, computed once however many runs ask. */
export function pixelAccuracy(
  device: Device,
  data: { readonly train: Dataset; readonly test: Dataset },
  setting: { readonly k: number; readonly T: number },
): () => Promise<number> {
  let known: Promise<number> | undefined;
  return () => known ??= knnOf(device, data, rawPixels(data.train), rawPixels(data.test), setting);
}

/** Accuracy in percent. */
async function knnOf(
  device: Device,
  data: { readonly train: Dataset; readonly test: Dataset },
  train: Features,
  test: Features,
  { k, T }: { readonly k: number; readonly T: number },
): Promise<number> {
  const task = {
    train: { features: train, labels: data.train.labels },
    test: { features: test, labels: data.test.labels },
    classes: data.train.classes.length,
  };
  const [result] = await knn(device, task, [{ k, T }]);
  return 100 * result!.accuracy;
}

/** Both splits behind each other, so that one pass serves both. */
function together(train: Dataset, test: Dataset): Images {
  const images = new Uint8Array(train.images.length + test.images.length);
  images.set(train.images);
  images.set(test.images, train.images.length);
  return { images, size: train.size, labels: Uint32Array.from([...train.labels, ...test.labels]) };
}

/** The first rows, and the others. */
function parted({ values, rows, width }: Features, first: number): [Features, Features] {
  return [
    { values: values.subarray(0, first * width), rows: first, width },
    { values: values.subarray(first * width), rows: rows - first, width },
  ];
}
