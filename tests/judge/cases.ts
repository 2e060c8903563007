import type { DirectionCase } from "../../src/judge/direction.ts";
import type { Conditions } from "../../src/judge/judgement.ts";
import type { MeasuredValues, ValueCase, ValueClaim } from "../../src/judge/value.ts";

/** The five published runs of MoCo v2 (ImageNet linear, 200 epochs). */
export const MOCO_V2 = [67.7, 67.6, 67.4, 67.6, 67.3];

export const CONDITIONS: Conditions = {
  unit: "percent",
  dataset: "imagenet-1k",
  scale: "paper",
  protocol: { encoder: "resnet50", epochs: 200, probe: "linear" },
};

/** A case in which nothing differs, with the given parts replaced. */
export function valueCase(
  claim: Partial<ValueClaim>,
  measured: Partial<MeasuredValues> | null,
  margin = 0.5,
): ValueCase {
  return {
    claim: { ...CONDITIONS, value: 67.5, halfStep: 0, n: null, ...claim },
    measured: measured === null ? null : { ...CONDITIONS, values: [], testSetSize: null, ...measured },
    margin: { value: margin, source: "fixed before the run" },
  };
}

/** A comparison of two arms on shared or separate seeds. */
export function directionCase(
  relation: DirectionCase["claim"]["relation"],
  a: readonly number[],
  b: readonly number[],
  options: { readonly sharedSeeds?: boolean; readonly run?: Partial<Conditions> } = {},
): DirectionCase {
  const { sharedSeeds = true, run = {} } = options;
  return {
    claim: { ...CONDITIONS, relation },
    measured: {
      ...CONDITIONS,
      ...run,
      a: { name: "A", seeds: a.map((_, i) => i), values: a },
      b: { name: "B", seeds: b.map((_, i) => sharedSeeds ? i : i + 100), values: b },
      testSetSize: null,
    },
  };
}
