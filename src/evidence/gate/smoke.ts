/**
 * What the gate runs, as data. Plans are of the published ImageNet steps and need no adapter. Runs are short trainings,
 * one per mechanism that a change can break: labels, head rows on disk, a head over all images, two views, a queue with
 * a momentum copy. Recipes and rates are chosen for speed and reproduce no table. In so few steps only labels lift
 * the accuracy clearly above chance; for the other methods the loss is the row that notices a change.
 */
import { canonicalHash, without } from "../../base/canonical.ts";
import { planReport } from "../../repro/plan_report.ts";
import { IMAGENET, planStep } from "../../repro/plan_step.ts";
import { settingsOf } from "../../repro/presets/settings.ts";
import { joinParts, type Part } from "../../repro/table/part.ts";
import { specOf } from "../../repro/table/resolve.ts";
import type { ProbeInput } from "../../record/spec/probe.ts";
import { parseSpec, type RunSpec } from "../../record/spec/spec.ts";

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
  /** Images of each class, for training and for test. */
  readonly perClass: readonly [train: number, test: number];
  readonly probes: readonly ProbeInput[];
  /** What every method has, and what each has of its own. */
  readonly all: Part;
  readonly methods: Readonly<Record<string, Part>>;
}

const RESNET50 = {
  method: "supervised",
  encoder: "resnet50",
  batch: 256,
  image: 224,
  classes: 1000,
  images: 1_281_167,
  optimizer: "sgd",
  width: 1,
  recompute: true,
} as const;

const METHODS = ["sdiet", "diet", "simclr", "moco", "byol", "simsiam", "barlow", "vicreg", "spectral"];

/** The plans: labels on ResNet-50, and every method with published settings. */
export function planCases(): PlanCase[] {
  return [
    {
      id: "supervised",
      request: RESNET50,
      peakBytes: async () => (await planReport(RESNET50)).peakBytes,
    },
    ...METHODS.map((method) => {
      const part = joinParts(settingsOf("published", method, IMAGENET.data!), IMAGENET, { method });
      return { id: method, request: part, peakBytes: async () => (await planStep(part)).peakBytes };
    }),
  ];
}

const adamw = (weightDecay: number) =>
  ({ kind: "adamw", lr: { kind: "cosine", base: 3e-3 }, weightDecay }) as const;
const narrow = { hidden: 128, projector: 64 };

/** The trainings. Mild crops and a high rate make few steps show. */
export const RUN_CASES: RunCases = {
  seeds: [0, 1, 2, 3, 4],
  perClass: [100, 100],
  probes: [{ kind: "knn", k: 20, T: 0.1 }],
  all: { encoder: "tiny", size: 16, batch: 32, epochs: 4, data: "shapes", views: "moco-v2" },
  methods: {
    supervised: { views: "eval", optimizer: adamw(1e-4) },
    sdiet: { hyper: { ...narrow, T: 0.1, smoothing: 0.1 }, optimizer: adamw(0.05) },
    diet: { hyper: { smoothing: 0.8 }, optimizer: adamw(0.05) },
    simclr: { hyper: { ...narrow, T: 0.2 }, optimizer: adamw(1e-4) },
    moco: { hyper: { ...narrow, T: 0.2, queue: 256 }, optimizer: adamw(1e-4) },
  },
};

/** The specification of one training. */
export async function runSpecOf(cases: RunCases, method: string, seed: number): Promise<RunSpec> {
  const part = joinParts(cases.all, cases.methods[method], { method });
  return parseSpec(await specOf(part, { seed, perClass: cases.perClass, probes: cases.probes }));
}

/** Hash of what a case is, whatever the seed: only numbers of equal definitions may be compared. */
export function definitionOf(value: unknown): string {
  return canonicalHash(without(value, new Set(["seed"])));
}
