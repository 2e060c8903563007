/** GeSSL: when its outer gradient vanishes, KL against cross-entropy, and the hypergradient by differences. */
import type { Experiment } from "../../src/repro/experiment.ts";
import { PhiloxStream } from "../../src/base/random.ts";
import * as losses from "../exact/softmax_losses.ts";
import * as s from "../exact/scalar.ts";
import { type Check, exactExperiment, type Measured } from "../exact/check.ts";
import { differences, largest, logSlope, relative } from "../exact/differences.ts";

type Scalars = readonly s.Scalar[];

const B = 5, D = 4, M = 3, TASKS = 2;
const TAU = 0.5, ALPHA = 0.3, LOOK_AHEAD = 5;

/** A batch of B images as two views each. */
interface Task {
  readonly a: readonly number[][];
  readonly b: readonly number[][];
}

const tasks: readonly Task[] = Array.from({ length: TASKS }, (_, l) => {
  const stream = new PhiloxStream([l, 8]);
  const images = Array.from({ length: B }, () => Array.from({ length: D }, () => stream.normal()));
  const view = () => images.map((x) => x.map((v) => v + 0.3 * stream.normal()));
  return { a: view(), b: view() };
});

const START: readonly number[] = (() => {
  const stream = new PhiloxStream([0, 9]);
  return Array.from({ length: M * D }, () => 0.7 * stream.normal());
})();

/** cos(z_i^a, z_j^b) / tau of all pairs under the linear encoder w: the logits of the modelled class distribution. */
function logits(w: Scalars, { a, b }: Task): s.Scalar[][] {
  const rows = Array.from({ length: M }, (_, c) => w.slice(c * D, (c + 1) * D));
  const embed = (view: readonly number[][]) =>
    view.map((x) => s.unit(rows.map((row) => s.dot(row, x.map(s.constant)))));
  const [za, zb] = [embed(a), embed(b)];
  return za.map((z) => zb.map((k) => s.times(s.dot(z, k), 1 / TAU)));
}

/** The base method: contrastive loss with each image its own class. */
const base = (w: Scalars, task: Task): s.Scalar =>
  s.mean(logits(w, task).map((o, i) => s.negate(s.logSoftmax(o)[i]!)));

/** One inner step; its dependence on w stays differentiable. */
function inner(w: Scalars, task: Task): s.Scalar[] {
  const g = s.grad(base(w, task), w);
  return w.map((v, i) => s.subtract(v, s.times(g[i]!, ALPHA)));
}

/** The self-motivated target: `steps` further steps on the same task. */
function ahead(w: Scalars, task: Task, steps: number): Scalars {
  let there = w;
  for (let k = 0; k < steps; k++) there = inner(there, task);
  return there;
}

interface Outer {
  readonly divergence: "kl" | "crossEntropy";
  readonly lookAhead: number;
  /** Whether the target is a constant, as defined. */
  readonly fixedTarget: boolean;
}

const PUBLISHED: Outer = { divergence: "kl", lookAhead: LOOK_AHEAD, fixedTarget: true };

function outerLoss(theta: Scalars, { divergence, lookAhead, fixedTarget }: Outer): s.Scalar {
  return s.mean(tasks.flatMap((task) => {
    const phi = inner(theta, task);
    const start = fixedTarget ? phi.map(s.stop) : phi;
    const target = logits(ahead(start, task, lookAhead), task).map((o) => fixedTarget ? o.map(s.stop) : o);
    return logits(phi, task).map((o, i) => losses.LOSSES[divergence](o, target[i]!));
  }));
}

const outerGradient = (outer: Outer): number[] => {
  const theta = s.variables(START);
  return s.numbers(s.grad(outerLoss(theta, outer), theta));
};

/** The outer gradient with p - q put in by hand as the derivative by the logits: exact zeros stay exact. */
function handGradient(lookAhead: number): number[] {
  const theta = s.variables(START);
  const total = START.map(() => 0);
  for (const task of tasks) {
    const phi = inner(theta, task);
    const now = logits(phi, task), then = logits(ahead(phi.map(s.stop), task, lookAhead), task);
    const seeds = now.flatMap((o, i) => {
      const q = losses.softmaxOf(s.numbers(then[i]!));
      return losses.softmaxOf(s.numbers(o)).map((p, j) => s.constant((p - q[j]!) / (B * TASKS)));
    });
    s.numbers(s.pull(now.flat(), seeds, theta)).forEach((g, i) => total[i]! += g);
  }
  return total;
}

const size = (g: readonly number[]) => Math.max(...g.map(Math.abs));

function targets(): Check[] {
  const kl = outerGradient(PUBLISHED);
  const entropy = outerGradient({ ...PUBLISHED, divergence: "crossEntropy" });
  const moving = { ...PUBLISHED, fixedTarget: false };
  const value = (outer: Outer) => outerLoss(s.variables(START), outer).value;
  const targetEntropy = tasks.flatMap((task) => {
    const phi = inner(s.variables(START), task);
    return logits(ahead(phi, task, LOOK_AHEAD), task)
      .map((o) => -losses.negativeEntropy(losses.softmaxOf(s.numbers(o))));
  }).reduce((a, b) => a + b, 0) / (B * TASKS);
  const gap = value({ ...PUBLISHED, divergence: "crossEntropy" }) - value(PUBLISHED);
  return [
    {
      id: "X15",
      what: "no look-ahead: largest outer gradient, p - q put in by hand",
      error: size(handGradient(0)),
      tolerance: 0,
      controls: [{ what: "one step of look-ahead", error: size(handGradient(1)) }],
    },
    {
      id: "X15",
      what: "no look-ahead: largest outer gradient, all by autodiff",
      error: size(outerGradient({ ...PUBLISHED, lookAhead: 0 })),
      tolerance: 1e-15,
      controls: [{
        what: "one step of look-ahead",
        error: size(outerGradient({ ...PUBLISHED, lookAhead: 1 })),
      }],
    },
    {
      id: "X15",
      what: "outer gradient, p - q by hand against autodiff",
      error: largest(handGradient(LOOK_AHEAD), kl),
      tolerance: 1e-12,
      controls: [{ what: "one step less of look-ahead", error: largest(handGradient(LOOK_AHEAD - 1), kl) }],
    },
    {
      id: "X15",
      what: "target fixed: outer gradient of KL against that of cross-entropy",
      error: largest(kl, entropy),
      tolerance: 1e-12,
      controls: [{
        what: "gradient through the target",
        error: largest(outerGradient(moving), outerGradient({ ...moving, divergence: "crossEntropy" })),
      }],
    },
    {
      id: "X15",
      what: "cross-entropy minus KL: the target's entropy",
      error: Math.abs(gap - targetEntropy),
      tolerance: 1e-12,
      controls: [{ what: "log of the classes", error: Math.abs(gap - Math.log(B)) }],
    },
  ];
}

/** (I - alpha H) v for the first task, exactly and by differences of gradients of length `radius` along v. */
function hypergradients() {
  const task = tasks[0]!;
  const gradientAt = (w: readonly number[]) => {
    const x = s.variables(w);
    return s.numbers(s.grad(base(x, task), x));
  };
  const theta = s.variables(START);
  const phi = inner(theta, task);
  const target = logits(ahead(phi.map(s.stop), task, LOOK_AHEAD), task);
  const loss = s.mean(logits(phi, task).map((o, i) => losses.LOSSES.kl(o, target[i]!.map(s.stop))));
  const v = s.numbers(s.grad(loss, phi));
  const exact = s.numbers(s.grad(loss, theta));
  const length = Math.hypot(...v);
  const moved = (by: number) => gradientAt(START.map((w, i) => w + by * v[i]! / length));
  const product = (radius: number, sides: 1 | 2) => {
    const [up, down] = [moved(radius), moved(sides === 2 ? -radius : 0)];
    return up.map((g, i) => (g - down[i]!) * length / (sides * radius));
  };
  const by = (radius: number, sides: 1 | 2) => product(radius, sides).map((hv, i) => v[i]! - ALPHA * hv);
  const numeric = differences((w) => {
    const now = inner(s.variables(w), task);
    return s.mean(logits(now, task).map((o, i) => losses.LOSSES.kl(o, target[i]!.map(s.stop)))).value;
  }, START);
  return { v, exact, numeric, error: (radius: number, sides: 1 | 2) => relative(by(radius, sides), exact) };
}

function measure(): Measured {
  const { v, exact, numeric, error } = hypergradients();
  const radii = [0.1, 0.03, 0.01, 0.003];
  const slope = (sides: 1 | 2) => logSlope(radii, radii.map((r) => error(r, sides)));
  return {
    checks: [
      ...targets(),
      {
        id: "X15",
        what:
          "hypergradient (I - alpha H) v by second-order autodiff against differences of the outer loss, relative",
        error: relative(exact, numeric),
        tolerance: 1e-9,
        controls: [{ what: "first order only: v", error: relative(v, numeric) }],
      },
      {
        id: "X15",
        what: "H v by central differences: distance of the error's slope from 2",
        error: Math.abs(slope(2) - 2),
        tolerance: 0.1,
        controls: [{ what: "one-sided differences", error: Math.abs(slope(1) - 2) }],
      },
    ],
    tables: [{
      title: "Relative error of the hypergradient by the length of the difference step",
      headings: ["step e |v|", "central", "one-sided"],
      rows: [...radii, 1e-3, 1e-4, 1e-5, 1e-6].map((r) => [
        String(r),
        error(r, 2).toExponential(1),
        error(r, 1).toExponential(1),
      ]),
    }],
    notes: [
      `Linear encoder, ${TASKS} tasks of ${B} images with two views, one inner step of size ${ALPHA}, ${LOOK_AHEAD} look-ahead ` +
      `steps, tau ${TAU}; slopes ${slope(2).toFixed(3)} (central) and ${slope(1).toFixed(3)} (one-sided).`,
      "A gap between KL and cross-entropy in published accuracy cannot come from the outer gradient if the target is fixed.",
    ],
  };
}

export const experiment: Experiment = exactExperiment({
  id: "gessl/identity",
  title: "GeSSL: the outer gradient as identities",
  summary: "Zero without look-ahead, equal for KL and cross-entropy, hypergradient error of second order",
  statements: {
    X15:
      "Without look-ahead the outer gradient is zero; with a fixed target KL and cross-entropy have one gradient; the error " +
      "of the hypergradient by central differences falls with the square of the step.",
  },
  measure,
});
