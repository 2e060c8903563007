/** LoCo: one shared forward pass with routed gradients against a forward pass of its own for every unit. */
import type { Experiment } from "../../src/repro/experiment.ts";
import { PhiloxStream } from "../../src/base/random.ts";
import * as s from "../exact/scalar.ts";
import { type Check, exactExperiment } from "../exact/check.ts";
import { largest } from "../exact/differences.ts";

type Scalars = readonly s.Scalar[];

const STAGES = 4, IMAGES = 3, WIDTH = 4, OUT = 3, TAU = 0.5;

const draw = new PhiloxStream([1, 11]);
const normals = (count: number, by: number) => Array.from({ length: count }, () => by * draw.normal());
/** Two views of each image: view a of all, then view b. */
const VIEWS = normals(2 * IMAGES * WIDTH, 1);
const STAGE_WEIGHTS = Array.from({ length: STAGES }, () => normals(WIDTH * WIDTH, 0.7));
/** Decoder of each unit: two layers. */
const DECODER_WEIGHTS = Array.from({ length: STAGES }, () => normals(WIDTH * WIDTH + WIDTH * OUT, 0.7));

/** Fresh variables for every weight, so that two forward passes share nothing. */
function network() {
  return {
    stages: STAGE_WEIGHTS.map((w) => s.variables(w)),
    decoders: DECODER_WEIGHTS.map((w) => s.variables(w)),
    images: Array.from(
      { length: 2 * IMAGES },
      (_, i) => s.variables(VIEWS.slice(i * WIDTH, (i + 1) * WIDTH)),
    ),
  };
}

type Network = ReturnType<typeof network>;

function dense(x: Scalars, w: Scalars, out: number): s.Scalar[] {
  return Array.from({ length: out }, (_, c) => s.dot(x, w.slice(c * x.length, (c + 1) * x.length)));
}

/** h_s = tanh(h_{s-1} A_s) for all views. */
const stage = (h: readonly Scalars[], w: Scalars): s.Scalar[][] =>
  h.map((x) => dense(x, w, WIDTH).map(s.tanh));
const detached = (h: readonly Scalars[]): s.Scalar[][] => h.map((x) => x.map(s.stop));

/** NT-Xent of the decoded views, mean over all of them. */
function loss(h: readonly Scalars[], decoder: Scalars): s.Scalar {
  const z = h.map((x) => {
    const hidden = dense(x, decoder.slice(0, WIDTH * WIDTH), WIDTH).map(s.tanh);
    return s.unit(dense(hidden, decoder.slice(WIDTH * WIDTH), OUT));
  });
  return s.mean(z.map((zi, i) => {
    const others = z.map((_, j) => j).filter((j) => j !== i);
    const similarities = others.map((j) => s.times(s.dot(zi, z[j]!), 1 / TAU));
    const partner = others.indexOf((i + IMAGES) % (2 * IMAGES));
    return s.negate(s.logSoftmax(similarities)[partner]!);
  }));
}

/** All feature maps of one pass, the images first. */
function forward({ images, stages }: Network): Scalars[][] {
  const maps: Scalars[][] = [images];
  for (const w of stages) maps.push(stage(maps.at(-1)!, w));
  return maps;
}

/** Gradients by all stage weights, stage after stage. */
type Gradients = number[][];

const nothing = (): Gradients => STAGE_WEIGHTS.map((w) => w.map(() => 0));

function accumulate(total: Gradients, at: number, g: readonly s.Scalar[]): void {
  g.forEach((x, i) => total[at]![i]! += x.value);
}

/**
 * One forward pass without any stop-gradient. Unit u's loss lies behind stage u + `depth` - 1 and is differentiated by the
 * weights of the unit's stages alone. `reach` widens that list downwards, which is wrong for LoCo.
 */
function routed(depth: 1 | 2, reach = 0): Gradients {
  const net = network();
  const maps = forward(net);
  const total = nothing();
  for (let u = 0; u + depth <= STAGES; u++) {
    const l = loss(maps[u + depth]!, net.decoders[u]!);
    for (let k = Math.max(0, u - reach); k < u + depth; k++) accumulate(total, k, s.grad(l, net.stages[k]!));
  }
  return total;
}

/** A pass of its own for every unit, its input detached by hand. */
function separate(depth: 1 | 2, detach = true): Gradients {
  const total = nothing();
  for (let u = 0; u + depth <= STAGES; u++) {
    const net = network();
    const below = forward({ ...net, stages: net.stages.slice(0, u) }).at(-1)!;
    let h: Scalars[] = detach ? detached(below) : below;
    for (let k = u; k < u + depth; k++) h = stage(h, net.stages[k]!);
    const l = loss(h, net.decoders[u]!);
    net.stages.forEach((w, k) => accumulate(total, k, s.grad(l, w)));
  }
  return total;
}

/** Largest gradient that a unit's loss sends into stages below it, over all units. */
function leak(depth: 1 | 2, detach: boolean): number {
  let worst = 0;
  for (let u = 1; u + depth <= STAGES; u++) {
    const net = network();
    const below = forward({ ...net, stages: net.stages.slice(0, u) }).at(-1)!;
    let h: Scalars[] = detach ? detached(below) : below;
    for (let k = u; k < u + depth; k++) h = stage(h, net.stages[k]!);
    const g = s.numbers(s.grad(loss(h, net.decoders[u]!), net.stages.slice(0, u).flat()));
    worst = Math.max(worst, ...g.map(Math.abs));
  }
  return worst;
}

/** What stage k gets as encoder of its own unit and as decoder of the unit below, apart. */
function parts(k: number): { own: number[]; below: number[] } {
  const net = network();
  const maps = forward(net);
  const by = (u: number) => s.numbers(s.grad(loss(maps[u + 2]!, net.decoders[u]!), net.stages[k]!));
  return { own: by(k), below: by(k - 1) };
}

function checks(): Check[] {
  const loco = routed(2), gim = routed(1);
  const off = (a: Gradients, b: Gradients) => largest(a.flat(), b.flat());
  const { own, below } = parts(1);
  const reference = separate(2);
  return [
    {
      id: "X14",
      what: "overlapping units: one pass, gradients routed, against a detached pass per unit",
      error: off(loco, reference),
      tolerance: 1e-10,
      controls: [
        { what: "routed into the stage below as well", error: off(routed(2, 1), reference) },
        { what: "passes that are not detached", error: off(loco, separate(2, false)) },
        { what: "units without overlap", error: off(gim, reference) },
      ],
    },
    {
      id: "X14",
      what: "units without overlap: the same",
      error: off(gim, separate(1)),
      tolerance: 1e-10,
      controls: [{ what: "passes that are not detached", error: off(gim, separate(1, false)) }],
    },
    {
      id: "X14",
      what: "second stage: gradient as encoder plus gradient as decoder of the unit below",
      error: largest(own.map((g, i) => g + below[i]!), reference[1]!),
      tolerance: 1e-10,
      controls: [
        { what: "as encoder alone", error: largest(own, reference[1]!) },
        { what: "as decoder alone", error: largest(below, reference[1]!) },
      ],
    },
    ...([1, 2] as const).map((depth): Check => ({
      id: "X14",
      what: `${depth === 1 ? "without overlap" : "with overlap"}: largest gradient into stages below a unit`,
      error: leak(depth, true),
      tolerance: 0,
      controls: [{ what: "input not detached", error: leak(depth, false) }],
    })),
  ];
}

export const experiment: Experiment = exactExperiment({
  id: "loco/identity",
  title: "LoCo: a shared forward pass with routed gradients",
  summary:
    "Local gradients from one pass equal those of a detached pass per unit; nothing leaks below a unit",
  statements: {
    X14:
      "Choosing what each local loss is differentiated by, over one shared forward pass, gives the gradients of separate " +
      "detached passes; a stage gets the sum of its two roles; no gradient crosses to a lower unit.",
  },
  measure: () => ({
    checks: checks(),
    notes: [
      `${STAGES} stages of width ${WIDTH} with tanh, a two-layer decoder per unit, NT-Xent on ${IMAGES} images with two views. ` +
      "The form of LoCo is reconstructed: unit u is stages u and u + 1.",
    ],
  }),
});
