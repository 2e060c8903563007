/**
 * What the gate runs, as data. Plans are of the published ImageNet steps and need no adapter. Runs are short trainings,
 * one per mechanism that a change can break: labels, head rows on disk, a head over all images, two views, a queue with
 * a momentum copy. Recipes and rates are chosen for speed and reproduce no table. In so few steps only labels lift
 * the accuracy clearly above chance; for the other methods the loss is the row that notices a change.
 */
import { canonicalHash, without } from "../../base/canonical.ts";
import { methodNames } from "../../repro/method_files.ts";
import { planReport } from "../../repro/plan_report.ts";
import { planImagenet } from "../../repro/memory.ts";
import { IMAGENET_STEP, type MethodPreset, type Preset, specOf } from "../../repro/presets.ts";
import type { DataSpec, RunSpec } from "../../record/spec.ts";

/** A step whose peak is planned. */
export interface PlanCase {
  readonly id: string;
  /** Everything that the peak depends on besides the program's code. */
  readonly request: unknown;
  readonly peakBytes: () => Promise<number>;
}

/** Trainings with several seeds. */
export interface RunCases {
  readonly seeds: readonly number[];
  readonly train: DataSpec;
  readonly test: DataSpec;
  /** Every method of the preset is trained. */
  readonly preset: Omit<Preset, "linear">;
}

const RESNET50 = {
  method: "supervised",
  encoder: "resnet50",
  batch: 256,
  image: 224,
  classes: 1000,
  images: IMAGENET_STEP.images,
  optimizer: "sgd",
  width: 1,
  recompute: true,
} as const;

/** The plans: labels on ResNet-50, and every method with published settings. */
export function planCases(): PlanCase[] {
  const { encoder, side, batch, images, classes, stored } = IMAGENET_STEP;
  const methods: Readonly<Record<string, MethodPreset>> = IMAGENET_STEP.methods;
  const known = methodNames();
  return [
    {
      id: "supervised",
      request: RESNET50,
      peakBytes: async () => (await planReport(RESNET50)).peakBytes,
    },
    ...Object.keys(methods).filter((name) => known.includes(name)).map((method) => {
      const { hyper, recipe, optimizer } = methods[method]!;
      return {
        id: method,
        request: { encoder, side, batch, images, classes, stored, method, hyper, recipe, optimizer },
        peakBytes: async () => (await planImagenet(method)).peakBytes,
      };
    }),
  ];
}

const adamw = { optimizer: "adamw", lr: 3e-3 } as const;
const narrow = { hidden: 128, projector: 64 };

/** The trainings. Mild crops and a high rate make few steps show. */
export const RUN_CASES: RunCases = {
  seeds: [0, 1, 2, 3, 4],
  train: { name: "shapes", split: "train", size: 16, perClass: 100 },
  test: { name: "shapes", split: "test", size: 16, perClass: 100 },
  preset: {
    encoder: { name: "tiny", width: 1 },
    side: 16,
    batch: 32,
    epochs: 4,
    every: 4,
    k: 20,
    T: 0.1,
    methods: {
      supervised: { ...adamw, recipe: "eval", hyper: {}, weightDecay: 1e-4 },
      sdiet: { ...adamw, recipe: "moco-v2", hyper: { ...narrow, T: 0.1, smoothing: 0.1 }, weightDecay: 0.05 },
      diet: { ...adamw, recipe: "moco-v2", hyper: { smoothing: 0.8 }, weightDecay: 0.05 },
      simclr: { ...adamw, recipe: "moco-v2", hyper: { ...narrow, T: 0.2 }, weightDecay: 1e-4 },
      moco: { ...adamw, recipe: "moco-v2", hyper: { ...narrow, T: 0.2, queue: 256 }, weightDecay: 1e-4 },
    },
  },
};

/** The specification of one training. */
export function runSpecOf(cases: RunCases, method: string, seed: number, images: number): RunSpec {
  return specOf({ ...cases.preset, linear: "none" }, method, {
    seed,
    images,
    train: cases.train,
    test: cases.test,
  });
}

/** Hash of what a case is, whatever the seed: only numbers of equal definitions may be compared. */
export function definitionOf(value: unknown): string {
  return canonicalHash(without(value, new Set(["seed"])));
}
