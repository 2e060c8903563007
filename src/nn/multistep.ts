/**
 * AdamW on rows that are visited now and then: a step with a gradient, and any number of steps without one in closed
 * form. All in f64 and pure; the GPU is handed five numbers a row (`Advance`) and applies them.
 *
 * With a = 1 - lr * decay, mu = beta1 / sqrt(beta2) and a row (h, m, v), n steps whose gradient is zero give
 *   h <- a^n h - lr * sum_{j=1..n} a^(n-j) mu^j * m / (sqrt(v) + eps),  m <- beta1^n m,  v <- beta2^n v.
 * The sum is mu (a^n - mu^n) / (a - mu): the published alpha2. It is exact for eps = 0. With eps > 0 it keeps eps as it
 * is, like the published listing, where the j-th step has eps * beta2^(-j/2) instead.
 *
 * Source: the multistep update in the public discussion of S-DIET (ICLR 2025 submission 4NgxI6Z74n).
 */
import { failure } from "../base/error.ts";
import { type Schedule, scheduleAt } from "./schedules.ts";

/**
 * What happens to a row between two visits.
 * - `none`: nothing; its moments stay as they are.
 * - `eager`: every visit is followed by `period` - 1 steps without gradient (as published).
 * - `lazy`: every visit is preceded by as many steps without gradient as really passed since the last one.
 */
export type MultistepMode = "none" | "eager" | "lazy";

export const MULTISTEP_MODES: readonly MultistepMode[] = ["none", "eager", "lazy"];

/** What a method says of its rows; rates, decay and betas are the optimizer's. */
export interface RowUpdate {
  readonly mode: MultistepMode;
  /** Steps from one visit to the next that `eager` assumes, or those of an epoch. */
  readonly period: number | "epoch";
  readonly biasCorrection: boolean;
  readonly firstVisitDecay: boolean;
}

export interface Multistep {
  readonly mode: MultistepMode;
  /** Steps from one visit to the next that `eager` assumes, an integer: images / batch. Others ignore it. */
  readonly period: number;
  /** `eager` uses the rate of the visit for all its steps, `lazy` the rate of each. */
  readonly lr: Schedule;
  readonly weightDecay: number;
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly eps?: number;
  /** Adam's factors for the start, counted in steps of the run. Default false, as published. */
  readonly biasCorrection?: boolean;
  /** Whether a row decays in the steps before its first visit. Always so in `lazy`; default false, as published. */
  readonly firstVisitDecay?: boolean;
}

/** One move of a row: h <- shrink h - size m / (sqrt(v) + eps), then m <- mean m, v <- square v. */
export interface Advance {
  readonly shrink: number;
  readonly size: number;
  readonly mean: number;
  readonly square: number;
  readonly eps: number;
}

/** A row in f64. */
export interface RowState {
  readonly h: Float64Array;
  readonly m: Float64Array;
  readonly v: Float64Array;
}

/** Constants of one AdamW without schedule. */
export interface AdamWNumbers {
  readonly lr: number;
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
}

/** Sum over j = 1..n of a^(n-j) mu^j. */
export function decayingSum(a: number, mu: number, n: number): number {
  if (Math.abs(a - mu) > 1e-3) return mu * (a ** n - mu ** n) / (a - mu);
  let sum = 0; // nearly equal: the quotient would cancel
  for (let j = 1; j <= n; j++) sum = a * sum + mu ** j;
  return sum;
}

/** Moves a row in place. 0 / 0, a coordinate that never had a gradient under eps = 0, counts as 0. */
export function advance({ h, m, v }: RowState, by: Advance): void {
  for (let i = 0; i < h.length; i++) {
    const root = Math.sqrt(v[i]!) + by.eps;
    h[i] = by.shrink * h[i]! - (root > 0 ? by.size * (m[i]! / root) : 0);
    m[i]! *= by.mean;
    v[i]! *= by.square;
  }
}

/** Takes a gradient into both moments, in place. */
export function absorb({ m, v }: RowState, g: ArrayLike<number>, beta1: number, beta2: number): void {
  for (let i = 0; i < m.length; i++) {
    m[i] = beta1 * m[i]! + (1 - beta1) * g[i]!;
    v[i] = beta2 * v[i]! + (1 - beta2) * g[i]! ** 2;
  }
}

/** The published update, in place: one step with gradient g, then t - 1 without, m as it is after the real step. */
export function multistepEager(row: RowState, g: ArrayLike<number>, t: number, o: AdamWNumbers): void {
  absorb(row, g, o.beta1, o.beta2);
  const a = 1 - o.lr * o.weightDecay;
  const alpha1 = a ** (t - 1);
  const alpha2 = o.lr * decayingSum(a, o.beta1 / Math.sqrt(o.beta2), t - 1);
  advance(row, { shrink: a, size: o.lr, mean: 1, square: 1, eps: o.eps });
  advance(row, {
    shrink: alpha1,
    size: alpha2,
    mean: o.beta1 ** (t - 1),
    square: o.beta2 ** (t - 1),
    eps: o.eps,
  });
}

/** n steps without gradient, in place: what a row that was not visited for n steps catches up with. */
export function multistepLazy(row: RowState, n: number, o: AdamWNumbers): void {
  const a = 1 - o.lr * o.weightDecay;
  advance(row, {
    shrink: a ** n,
    size: o.lr * decayingSum(a, o.beta1 / Math.sqrt(o.beta2), n),
    mean: o.beta1 ** n,
    square: o.beta2 ** n,
    eps: o.eps,
  });
}

/**
 * c_k = sum over j = 0..t-1 of a^(t-1-j) mu^j sqrt(1 - beta2^(k+1+j)) / (1 - beta1^(k+1+j)): t steps with Adam's bias
 * correction, the first with gradient, behind k earlier steps, are h <- a^t h - lr c_k m_1 / sqrt(v_1).
 */
export function biasCorrectedScalar(k: number, t: number, o: Omit<AdamWNumbers, "eps">): number {
  const a = 1 - o.lr * o.weightDecay;
  const mu = o.beta1 / Math.sqrt(o.beta2);
  let sum = 0;
  for (let j = 0; j < t; j++) sum = a * sum + mu ** j * correction(k + j, o.beta1, o.beta2);
  return sum;
}

/** Root of v's correction over m's at a step counted from 0. */
function correction(step: number, beta1: number, beta2: number): number {
  return Math.sqrt(1 - beta2 ** (step + 1)) / (1 - beta1 ** (step + 1));
}

/** mu^j below this no longer changes a sum in f64. */
const NEGLIGIBLE = 1e-20;

/** The moves of a run: what every row is due before and after its gradient, from step and last visit alone. */
export class MultistepPlan {
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly #mu: number;
  /** Logarithm of the product of a over all steps before k. */
  readonly #decayed: number[] = [0];
  /** Learning rate, a and Adam's factor of step k, kept: hundreds of steps are summed for every row of a batch. */
  readonly #lr: number[] = [];
  readonly #a: number[] = [];
  readonly #factor: number[] = [];

  constructor(readonly spec: Multistep) {
    ({ beta1: this.beta1 = 0.9, beta2: this.beta2 = 0.999, eps: this.eps = 1e-8 } = spec);
    this.#mu = this.beta1 / Math.sqrt(this.beta2);
    if (!Number.isInteger(spec.period) || spec.period < 1) {
      throw failure({
        operation: "plan",
        object: "the multistep update",
        required: "the period must be a positive integer",
        found: String(spec.period),
        wayOut: "give the steps of an epoch, images / batch rounded",
      });
    }
    if (!(this.#mu < 1)) {
      throw failure({
        operation: "plan",
        object: "the multistep update",
        required: "beta1 must be below the root of beta2",
        found: `${this.beta1} and ${this.beta2}`,
        wayOut: "lower beta1 or raise beta2",
      });
    }
  }

  /** What a row catches up with when step `step` visits it; `lastVisit` is -1 for a row never visited. */
  before(step: number, lastVisit: number): Advance {
    const { mode, firstVisitDecay = false } = this.spec;
    const still = { shrink: 1, size: 0, mean: 1, square: 1, eps: this.eps };
    if (lastVisit >= step) {
      throw failure({
        operation: "visit",
        object: "a head row",
        required: `its last visit must lie before step ${step}`,
        found: `step ${lastVisit}`,
        wayOut: "roll the head store back to the checkpoint that the run resumes from",
      });
    }
    if (mode === "lazy") return this.#catchUp(lastVisit + 1, step);
    if (lastVisit < 0 && firstVisitDecay) return { ...still, shrink: this.#shrink(0, step) };
    return still;
  }

  /** The real step with its gradient taken in, and in `eager` the steps without that follow. */
  after(step: number): Advance {
    const { mode, period, weightDecay, biasCorrection = false } = this.spec;
    const lr = scheduleAt(this.spec.lr, step);
    const a = this.#rate(step);
    const t = mode === "eager" ? period : 1;
    const scalar = biasCorrection
      ? biasCorrectedScalar(step, t, { lr, weightDecay, beta1: this.beta1, beta2: this.beta2 })
      : a ** (t - 1) + decayingSum(a, this.#mu, t - 1);
    return {
      shrink: a ** t,
      size: lr * scalar,
      mean: this.beta1 ** (t - 1),
      square: this.beta2 ** (t - 1),
      eps: this.#eps(step),
    };
  }

  /** The steps `from` to `to` (not included) without gradient, each at its own rate. */
  #catchUp(from: number, to: number): Advance {
    const { lr, biasCorrection = false } = this.spec;
    const n = to - from;
    const moments = { mean: this.beta1 ** n, square: this.beta2 ** n, eps: this.#eps(from) };
    if (typeof lr === "number" && !biasCorrection) {
      const a = this.#rate(from);
      return { shrink: a ** n, size: lr * decayingSum(a, this.#mu, n), ...moments };
    }
    for (let step = this.#lr.length; step < to; step++) {
      this.#lr.push(scheduleAt(lr, step));
      this.#a.push(this.#rate(step));
      this.#factor.push(biasCorrection ? correction(step, this.beta1, this.beta2) : 1);
    }
    let size = 0;
    let power = 1;
    let step = from;
    for (; step < to && power > NEGLIGIBLE; step++) {
      power *= this.#mu;
      size = this.#a[step]! * size + this.#lr[step]! * power * this.#factor[step]!;
    }
    return { shrink: this.#shrink(from, to), size: size * this.#shrink(step, to), ...moments };
  }

  /** eps beside sqrt(v): with bias correction Adam divides the root first, so eps shrinks with it. */
  #eps(step: number): number {
    return this.spec.biasCorrection ? this.eps * Math.sqrt(1 - this.beta2 ** (step + 1)) : this.eps;
  }

  #shrink(from: number, to: number): number {
    if (typeof this.spec.lr === "number") return this.#rate(0) ** (to - from);
    for (let k = this.#decayed.length - 1; k < to; k++) {
      this.#decayed.push(this.#decayed[k]! + Math.log(this.#rate(k)));
    }
    return Math.exp(this.#decayed[to]! - this.#decayed[from]!);
  }

  /** a = 1 - lr * decay at a step. */
  #rate(step: number): number {
    const a = 1 - scheduleAt(this.spec.lr, step) * this.spec.weightDecay;
    if (!(a > 0)) {
      throw failure({
        operation: "decay",
        object: "a head row",
        required: "learning rate times weight decay must be below 1",
        found: String(1 - a),
        wayOut: "lower one of them",
      });
    }
    return a;
  }
}
