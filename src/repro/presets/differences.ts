/** What a run under published settings does otherwise than its source, in plain words for a report. */
import type { RunSpecInput } from "../../record/spec/spec.ts";

const DIFFERENCES = {
  "precision": "the source trains in mixed precision (16 and 32 bits), this run in 32 bits",
  "online-probe":
    "the source trains a linear classifier along with the encoder, in its optimizer, and reports that one; here probes are trained afterwards on the frozen encoder",
  "jpeg-images":
    "the images are JPEG files of the data set, whose pixels differ slightly from the original ones",
  "other-dataset":
    "the source states settings for another data set of the same images' size; they are used for this one",
  "larger-dataset":
    "the source states settings for ImageNet and a ResNet-50; they are used for a part of it and a ResNet-18",
  "warm-up-step": "the source's warm-up reaches the full rate one step earlier",
  "rate-per-epoch": "the source changes the rate once an epoch, this run every step",
  "first-step-rate":
    "the source takes its first step, before the warm-up, at the full rate; this run starts with the warm-up",
  "shuffled-keys":
    "the source shuffles keys among eight devices, so that their batch statistics are of 32 images; here they are of the whole batch",
  "grouped-images": "the source trains on 10,000 groups of images as classes; here every image is a class",
} as const;

/** A named difference. */
export type DifferenceId = keyof typeof DIFFERENCES;

/** Differences that a plan of memory depends on. */
const OF_MEMORY: ReadonlySet<DifferenceId> = new Set(["precision", "grouped-images"]);
const ASSUMED_OF_MEMORY = /^(hyper\.(hidden|projector|layers|queue)|encoder|batch)/;

/** What of a published preset is told. */
export interface Told {
  readonly spec: Pick<RunSpecInput, "views">;
  readonly assumptions: Readonly<Record<string, string>>;
  readonly differs: readonly DifferenceId[];
}

/**
 * Sentences for a report's notes: one a difference, what recipes say of themselves, and one for all that was assumed. Of
 * `memory` there are only those that a plan depends on.
 */
export function differences({ differs, assumptions, spec }: Told, of: "run" | "memory" = "run"): string[] {
  const run = of === "run";
  const departures = new Set(run ? spec.views.flatMap(({ recipe }) => recipe.departs ?? []) : []);
  const assumed = Object.entries(assumptions).filter(([field]) => run || ASSUMED_OF_MEMORY.test(field));
  return [
    ...differs.filter((id) => run || OF_MEMORY.has(id)).map((id) => `${DIFFERENCES[id]}.`),
    ...[...departures].map((departs) => `augmentation: ${departs}.`),
    ...(assumed.length > 0
      ? [`assumed, no source states it: ${assumed.map(([field, why]) => `${field} ${why}`).join("; ")}.`]
      : []),
  ];
}
