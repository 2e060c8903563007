/** Cao and Wu: what SqrtKL's gradient is, what training with it does, and NPID's bank update as a gradient step. */
import type { Experiment } from "../../src/repro/experiment.ts";
import { PhiloxStream } from "../../src/base/random.ts";
import * as losses from "../exact/softmax_losses.ts";
import * as s from "../exact/scalar.ts";
import { type Check, exactExperiment } from "../exact/check.ts";
import { differences, largest, relative } from "../exact/differences.ts";

const { GRADIENTS, LOSSES } = losses;

/** Logits of eight points with 3 to 40 classes, from nearly flat to sharp. */
const POINTS: readonly number[][] = [3, 5, 8, 10, 20, 40, 10, 10].map((classes, i) => {
  const stream = new PhiloxStream([i, 6]);
  return Array.from({ length: classes }, () => (0.3 + 0.4 * i) * stream.normal());
});

type Logits = readonly s.Scalar[];
type Loss = (o: Logits, held: Logits) => s.Scalar;

/** Largest distance of a stated gradient from autodiff and from differences over all points. */
function against(stated: (p: readonly number[]) => number[], loss: Loss, through = false) {
  let exact = 0, numeric = 0;
  for (const point of POINTS) {
    const gradient = stated(losses.softmaxOf(point));
    const o = s.variables(point);
    exact = Math.max(exact, largest(gradient, s.numbers(s.grad(loss(o, through ? o : o.map(s.stop)), o))));
    const value = (x: readonly number[]) => {
      const moved = s.variables(x);
      return loss(moved, through ? moved : s.variables(point)).value;
    };
    numeric = Math.max(numeric, largest(gradient, differences(value, point)));
  }
  return { exact, numeric };
}

const half = (g: readonly number[], by = 0.5) => g.map((x) => by * x);

function identities(): Check[] {
  const cases: readonly {
    readonly what: string;
    readonly stated: (p: readonly number[]) => number[];
    readonly loss: Loss;
    readonly through?: boolean;
    readonly wrong: { readonly what: string; readonly stated: (p: readonly number[]) => number[] };
  }[] = [
    {
      what: "1: KL(p || u), u fixed: 1/2 p (log p + H)",
      stated: (p) => GRADIENTS.sqrtKl(p),
      loss: LOSSES.sqrtKl,
      wrong: { what: "1: without the factor 1/2", stated: GRADIENTS.negativeEntropy },
    },
    {
      what: "2: half the gradient of minus the entropy is SqrtKL's",
      stated: (p) => half(GRADIENTS.negativeEntropy(p)),
      loss: LOSSES.sqrtKl,
      wrong: { what: "2: the whole gradient", stated: GRADIENTS.negativeEntropy },
    },
    {
      what: "2: the sharpening part is minus half the entropy part",
      stated: (p) => half(GRADIENTS.negativeEntropy(p), -0.5),
      loss: LOSSES.sharpening,
      wrong: { what: "2: plus half", stated: (p) => half(GRADIENTS.negativeEntropy(p)) },
    },
    ...[0.25, 0.75].map((power) => ({
      what: `3: power ${power}: (1 - power) p (log p + H)`,
      stated: (p: readonly number[]) => GRADIENTS.sqrtKl(p, power),
      loss: (o: Logits, held: Logits) => LOSSES.sqrtKl(o, held, power),
      wrong: {
        what: `3: factor ${power} instead`,
        stated: (p: readonly number[]) => GRADIENTS.sqrtKl(p, 1 - power),
      },
    })),
    {
      what: "4: gradient through u: 1/2 p (log p + H) + 1/2 (u - p)",
      stated: GRADIENTS.throughTarget,
      loss: LOSSES.sqrtKl,
      through: true,
      wrong: { what: "4: without the second term", stated: (p) => GRADIENTS.sqrtKl(p) },
    },
    {
      what: "5: KL(u || p), u fixed: p - u",
      stated: GRADIENTS.forward,
      loss: LOSSES.forward,
      wrong: { what: "5: the gradient of KL(p || u)", stated: (p) => GRADIENTS.sqrtKl(p) },
    },
  ];
  return cases.flatMap(({ what, stated, loss, through, wrong }): Check[] => {
    const [right, off] = [against(stated, loss, through), against(wrong.stated, loss, through)];
    return [
      {
        id: "X10",
        what: `${what}; against differences`,
        error: right.numeric,
        tolerance: 1e-7,
        controls: [{ what: wrong.what, error: off.numeric }],
      },
      {
        id: "X10",
        what: `${what}; against autodiff`,
        error: right.exact,
        tolerance: 1e-12,
        controls: [{ what: wrong.what, error: off.exact }],
      },
    ];
  });
}

/** Embeddings of 12 images trained on instance cross-entropy plus a regulariser, 60 steps of gradient descent. */
function trajectory(regulariser: Loss, held = true): number[] {
  const N = 12, d = 4, T = 0.2;
  const stream = new PhiloxStream([9, 6]);
  const bank = Array.from(
    { length: N },
    () => s.unit(s.variables(Array.from({ length: d }, () => stream.normal()))),
  );
  let x = Array.from({ length: N * d }, () => 0.5 * stream.normal());
  for (let step = 0; step < 60; step++) {
    const v = s.variables(x);
    const perImage = bank.map((_, i) => {
      const z = s.unit(v.slice(i * d, (i + 1) * d));
      const cosines = bank.map((w) => s.dot(z, w.map(s.stop)));
      const own = s.negate(s.logSoftmax(cosines.map((c) => s.times(c, 1 / T)))[i]!);
      return s.add(own, regulariser(cosines, held ? cosines.map(s.stop) : cosines)); // released code: temperature 1
    });
    const g = s.numbers(s.grad(s.mean(perImage), v));
    x = x.map((value, i) => value - 0.5 * g[i]!);
  }
  return x;
}

function trainings(): Check[] {
  const LAMBDA = 20;
  const weighted = (loss: Loss, by: number): Loss => (o, held) => s.times(loss(o, held), by);
  const sqrtKl = trajectory(weighted(LOSSES.sqrtKl, LAMBDA));
  const off = (other: number[]) => relative(other, sqrtKl);
  const entropy = (by: number) => off(trajectory(weighted(LOSSES.negativeEntropy, by)));
  const power = (a: number, by: number) =>
    off(trajectory(weighted((o, held) => LOSSES.sqrtKl(o, held, a), by)));
  return [
    {
      id: "X11",
      what: "60 steps with SqrtKL at 20 against minus entropy at 10",
      error: entropy(LAMBDA / 2),
      tolerance: 1e-12,
      controls: [
        { what: "minus entropy at 20", error: entropy(LAMBDA) },
        {
          what: "SqrtKL with the gradient through u",
          error: off(trajectory(weighted(LOSSES.sqrtKl, LAMBDA), false)),
        },
        { what: "KL(u || p) at 20", error: off(trajectory(weighted(LOSSES.forward, LAMBDA))) },
      ],
    },
    {
      id: "X11",
      what: "power 0.75 at 40 and power 0.2 at 12.5: same weight times (1 - power)",
      error: Math.max(power(0.75, 40), power(0.2, 12.5)),
      tolerance: 1e-12,
      controls: [{ what: "power 0.75 at 20", error: power(0.75, LAMBDA) }],
    },
    {
      id: "X11",
      what: "the sharpening part alone at 20 against plus entropy at 10",
      error: relative(
        trajectory(weighted(LOSSES.sharpening, LAMBDA)),
        trajectory(weighted(LOSSES.negativeEntropy, -LAMBDA / 2)),
      ),
      tolerance: 1e-12,
      controls: [{ what: "against SqrtKL", error: off(trajectory(weighted(LOSSES.sharpening, LAMBDA))) }],
    },
  ];
}

function bankUpdate(): Check[] {
  const N = 10, d = 6, T = 0.1, own = 3, momentum = 0.5;
  const stream = new PhiloxStream([3, 6]);
  const vector = () => s.numbers(s.unit(s.variables(Array.from({ length: d }, () => stream.normal()))));
  const z = vector();
  const bank = Array.from({ length: N }, vector);
  const logits = (w: readonly number[][]) => w.map((row) => row.reduce((a, x, c) => a + x * z[c]! / T, 0));
  const p = losses.softmaxOf(logits(bank));
  const loss = (flat: readonly number[]) => {
    const w = bank.map((_, k) => flat.slice(k * d, (k + 1) * d));
    return -Math.log(losses.softmaxOf(logits(w))[own]!);
  };
  const stated = (sign: number) =>
    bank.flatMap((_, k) => z.map((x) => (p[k]! + (k === own ? sign : 0)) * x / T));
  const numeric = differences(loss, bank.flat());
  const normalised = (v: readonly number[]) => v.map((x) => x / Math.hypot(...v));
  const ema = normalised(bank[own]!.map((w, c) => momentum * w + (1 - momentum) * z[c]!));
  const step = (rate: number, self: number) =>
    largest(ema, normalised(bank[own]!.map((w, c) => w - rate * (self - 1) * z[c]! / T)));
  const rate = T * (1 - momentum) / momentum;
  return [
    {
      id: "X12",
      what: "gradient by the bank: (p_k - [k = i]) z / T, against differences",
      error: largest(stated(-1), numeric),
      tolerance: 1e-9,
      controls: [{ what: "without the image's own row", error: largest(stated(0), numeric) }],
    },
    {
      id: "X12",
      what: "moving average of the own row against a gradient step there with p_i = 0 and rate T (1 - m) / m",
      error: step(rate, 0),
      tolerance: 1e-12,
      controls: [
        { what: "the true p_i", error: step(rate, p[own]!) },
        { what: "rate T (1 - m)", error: step(T * (1 - momentum), 0) },
      ],
    },
  ];
}

export const experiment: Experiment = exactExperiment({
  id: "caowu/identity",
  title: "Cao and Wu: SqrtKL and the bank update as identities",
  summary:
    "SqrtKL is half an entropy term in gradient and in training; the bank's moving average as a gradient step",
  statements: {
    X10:
      "Five closed forms of SqrtKL's gradient: with the target fixed it is half the gradient of minus the entropy.",
    X11:
      "Training with SqrtKL at weight 20 is training with minus entropy at weight 10; only weight times (1 - power) counts.",
    X12:
      "NPID's bank gradient is (p_k - [k = i]) z / T; its moving average is that step on the own row with p_i = 0.",
  },
  measure: () => ({
    checks: [...identities(), ...trainings(), ...bankUpdate()],
    notes: [
      "Finite differences: fourth order, step 1e-3. Trajectories: 12 images, gradient descent on instance cross-entropy at " +
      "T 0.2 plus the regulariser at temperature 1, as released.",
    ],
  }),
});
