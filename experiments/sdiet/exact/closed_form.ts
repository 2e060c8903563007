/** The closed form of S-DIET's multistep AdamW against AdamW one step at a time, and wrong readings of it. */
import {
  type AdamWNumbers,
  biasCorrectedScalar,
  multistepEager,
  type RowState,
} from "../../../src/nn/multistep.ts";
import type { Check } from "../../exact/check.ts";
import { largest, relative } from "../../exact/differences.ts";
import * as reference from "./multistep_reference.ts";

const PERIODS = [1, 2, 5, 49, 196, 391, 5004];
const RATES = [[1e-3, 0.05], [1e-3, 0], [1e-2, 0.1], [0.4, 0.05]] as const;
const SCALES = [1, 1e-3, 1e-6];
const COORDINATES = 512;

/** AdamW with the published betas. */
export const adamw = (lr: number, weightDecay: number, eps = 0): AdamWNumbers => ({
  lr,
  weightDecay,
  beta1: 0.9,
  beta2: 0.999,
  eps,
});

type Update = (row: RowState, g: ArrayLike<number>, t: number, numbers: AdamWNumbers) => void;

/** Largest error of a visit's h over periods, rates and gradient scales. */
function worstVisit(
  update: Update,
  rates: readonly (readonly [number, number])[],
  scales: number[],
  eps: number,
) {
  let worst = 0;
  for (const t of PERIODS) {
    for (const [lr, weightDecay] of rates) {
      for (const size of scales) {
        worst = Math.max(worst, visitError(update, t, adamw(lr, weightDecay, eps), size));
      }
    }
  }
  return worst;
}

function visitError(update: Update, t: number, numbers: AdamWNumbers, size: number): number {
  const { row, g } = reference.rowInTraining(COORDINATES, size);
  const truth = reference.cloneRow(row);
  update(row, g, t, numbers);
  reference.sequentialVisit(truth, g, t, numbers);
  return largest(row.h, truth.h);
}

const misread = (change: reference.Misreading): Update => (row, g, t, numbers) =>
  reference.misreadVisit(row, g, t, numbers, change);

const WRONG = Object.entries(reference.WRONG_UPDATES);

/** Twenty visits of 49 steps with every number rounded to f32 after each operation on it, against f64 step by step. */
function singlePrecision(change: reference.Misreading | undefined): number {
  const numbers = adamw(1e-3, 0.05);
  const { row } = reference.rowInTraining(COORDINATES, 1);
  const single = reference.cloneRow(row);
  for (let visit = 0; visit < 20; visit++) {
    const { g } = reference.rowInTraining(COORDINATES, 1, visit + 2);
    const rounded = g.map(Math.fround);
    if (change) reference.misreadVisit(single, rounded, 49, numbers, change);
    else multistepEager(single, rounded, 49, numbers);
    for (const part of [single.h, single.m, single.v]) part.forEach((x, i) => part[i] = Math.fround(x));
    reference.sequentialVisit(row, g, 49, numbers);
  }
  return relative(single.h, row.h);
}

/** X1 to X3: the published form, its error with eps, and four misreadings. */
export function closedForm(): Check[] {
  return [
    {
      id: "X1",
      what: "closed form against t steps, eps 0, f64: largest error of h",
      error: worstVisit(multistepEager, RATES, SCALES, 0),
      tolerance: 1e-12,
      controls: [{
        what: "moment decayed before its use",
        error: worstVisit(misread({ m: "decayed" }), RATES, SCALES, 0),
      }],
    },
    {
      id: "X1",
      what: "the same over 20 visits with state stored in f32: relative error of h",
      error: singlePrecision(undefined),
      tolerance: 1e-5,
      controls: [{ what: "exponents t instead of t - 1", error: singlePrecision({ extra: 1 }) }],
    },
    {
      id: "X2",
      what: "closed form against t steps, eps 1e-8, gradients of order 1, rates to 1e-2: largest error of h",
      error: worstVisit(multistepEager, RATES.slice(0, 3), [1], 1e-8),
      tolerance: 1e-6,
      controls: [{
        what: "gradients of order 1e-6, where eps is not small",
        error: worstVisit(multistepEager, RATES.slice(0, 3), [1e-6], 1e-8),
      }],
    },
    ...WRONG.map(([what, change]): Check => ({
      id: "X3",
      what,
      error: visitError(misread(change), 49, adamw(1e-3, 0.05), 1),
      relation: "above",
      tolerance: 1e-5,
      controls: [{ what: "the right form", error: visitError(misread({}), 49, adamw(1e-3, 0.05), 1) }],
    })),
  ];
}

/** Largest error of a visit with bias correction, behind k earlier steps of the run. */
function corrected(scalarAt: (k: number) => number): number {
  let worst = 0;
  for (const [lr, weightDecay] of RATES.slice(0, 3)) {
    for (const k of [0, 1, 48, 1000]) {
      for (const t of [1, 2, 49, 391]) {
        const numbers = adamw(lr, weightDecay);
        const { row, g } = reference.rowInTraining(COORDINATES, 1);
        const truth = reference.cloneRow(row);
        reference.sequentialVisit(truth, g, t, numbers, k);
        const c = biasCorrectedScalar(scalarAt(k), t, numbers);
        const h = row.h.map((x, i) => {
          const m = 0.9 * row.m[i]! + 0.1 * g[i]!;
          const v = 0.999 * row.v[i]! + 0.001 * g[i]! ** 2;
          return (1 - lr * weightDecay) ** t * x - lr * c * m / Math.sqrt(v);
        });
        worst = Math.max(worst, largest(h, truth.h));
      }
    }
  }
  return worst;
}

/** X4: one scalar per visit, with bias correction. */
export function corrections(): Check {
  return {
    id: "X4",
    what: "one scalar per visit against t steps with bias correction: largest error of h",
    error: corrected((k) => k),
    tolerance: 1e-12,
    controls: [{ what: "steps of the run counted one too far", error: corrected((k) => k + 1) }],
  };
}
