/** Linear DIET with squared error against the spectral contrastive loss: closed forms, training, and where it ends. */
import { type Experiment, PhiloxStream } from "../../mod.ts";
import * as decompose from "./exact/decompose.ts";
import * as m from "./exact/matrix.ts";
import * as theorem from "./exact/linear_theorem.ts";
import * as training from "./exact/linear_training.ts";
import { type Check, exactExperiment, type Measured } from "../exact/check.ts";
import { minimise } from "./exact/minimise.ts";

type Matrix = m.Matrix;

const N = 12, D = 8;
const RANKS = [2, 4, 8];
const SEEDS = [0, 1, 2];

/** One drawing of sources, a width, and everything the statements compare. */
function caseOf(seed: number, rank: number) {
  const sources = theorem.drawSources(N, D, 5, 0.7, seed);
  const moments = theorem.momentsOf(sources);
  const minima = theorem.minimaOf(moments, rank);
  const stream = new PhiloxStream([seed, 10 + rank]);
  const rotation = decompose.polar(m.gaussian(rank, rank, stream));
  const mixing = m.add(m.gaussian(rank, rank, stream), m.identity(rank), 2);
  return {
    seed,
    rank,
    sources,
    moments,
    minima,
    rotation,
    mixing,
    spectralGram: m.gram(minima.spectral),
    someEncoder: m.gaussian(rank, D, stream),
    someHead: m.gaussian(N, rank, stream),
  };
}

type Case = ReturnType<typeof caseOf>;

const worst = (cases: readonly Case[], error: (c: Case) => number): number => Math.max(...cases.map(error));
const nearest = (cases: readonly Case[], error: (c: Case) => number): number => Math.min(...cases.map(error));

function formulas(cases: readonly Case[]): Check[] {
  const trap = (c: Case) =>
    Math.abs(
      theorem.spectralLossBySums(c.someEncoder, c.sources, false) -
        theorem.spectralLoss(c.someEncoder, c.moments),
    );
  const spectral = (form: typeof theorem.spectralLoss) => (c: Case) =>
    Math.abs(form(c.someEncoder, c.moments) - theorem.spectralLossBySums(c.someEncoder, c.sources));
  const diet = (form: typeof theorem.dietLoss, views = (c: Case) => c.moments) => (c: Case) => {
    const a = m.multiply(c.someHead, c.someEncoder);
    return Math.abs(form(a, views(c)) - theorem.dietLossBySums(a, c.sources));
  };
  const withoutNoise = (c: Case) => ({ ...c.moments, second: theorem.positives(c.moments) });
  const pairs = { what: "only pairs of other views and other sources", error: nearest(cases, trap) };
  const meansOnly = {
    what: "second moments of the means alone",
    error: nearest(cases, diet(theorem.dietLoss, withoutNoise)),
  };
  return [
    {
      id: "X6",
      what: "spectral loss from moments against all pairs",
      error: worst(cases, spectral(theorem.spectralLoss)),
      tolerance: 1e-8,
      controls: [pairs],
    },
    {
      id: "X6",
      what: "spectral loss as a distance against all pairs",
      error: worst(cases, spectral(theorem.spectralLossAsDistance)),
      tolerance: 1e-8,
      controls: [pairs],
    },
    {
      id: "X6",
      what: "DIET's squared error from moments against all views",
      error: worst(cases, diet(theorem.dietLoss)),
      tolerance: 1e-8,
      controls: [meansOnly],
    },
    {
      id: "X6",
      what: "DIET's squared error as a distance against all views",
      error: worst(cases, diet(theorem.dietLossAsDistance)),
      tolerance: 1e-8,
      controls: [meansOnly],
    },
  ];
}

/** |n A^T A - W_sc^T W_sc|, relative. */
const firstStatement = (c: Case, a: Matrix) => m.relativeDistance(m.scale(m.gram(a), N), c.spectralGram);
/** |n W^T W - W_sc^T W_sc|, relative. */
const secondStatement = (c: Case, w: Matrix) => m.relativeDistance(m.scale(m.gram(w), N), c.spectralGram);

/** The encoder of the DIET minimiser whose head is U_m times `factor`. */
function encoderFor(c: Case, factor: Matrix): Matrix {
  const reduced = m.multiply(m.transpose(c.minima.left), c.minima.diet); // U_m^T A, (rank x d)
  const square = m.gram(factor);
  return m.product(decompose.symmetricPower(square, -1), m.transpose(factor), reduced);
}

/** DIET's squared error at (head, W / sqrt(n)) above its minimum, for the encoder W of the spectral loss. */
function excess(c: Case, head: Matrix): number {
  const a = m.scale(m.multiply(head, c.minima.spectral), N ** -0.5);
  return theorem.dietLoss(a, c.moments) - theorem.dietLoss(c.minima.diet, c.moments);
}

function closedForms(cases: readonly Case[]): Check[] {
  const head = (c: Case) => m.scale(theorem.bestHead(c.minima.spectral, c.moments), N ** 0.5);
  const isometry = (h: Matrix) => m.frobenius(m.add(m.gram(h), m.identity(h.columns), -1));
  return [
    {
      id: "X7 T1",
      what: "n A^T A against W_sc^T W_sc",
      error: worst(cases, (c) => firstStatement(c, c.minima.diet)),
      tolerance: 1e-10,
      controls: [{
        what: "without the factor n",
        error: nearest(cases, (c) => firstStatement(c, m.scale(c.minima.diet, N ** -0.5))),
      }],
    },
    {
      id: "X7 T2",
      what: "W_H an isometry: n W^T W against W_sc^T W_sc",
      error: worst(cases, (c) => secondStatement(c, encoderFor(c, c.rotation))),
      tolerance: 1e-10,
      controls: [{
        what: "W_H of the same minimum that is no isometry",
        error: nearest(cases, (c) => secondStatement(c, encoderFor(c, c.mixing))),
      }],
    },
    {
      id: "X7 T2",
      what:
        "for a spectral minimiser W, the head that makes W / sqrt(n) a DIET minimiser: distance from an isometry",
      error: worst(cases, (c) => isometry(head(c))),
      tolerance: 1e-10,
      controls: [{
        what: "the best head of some other encoder",
        error: nearest(cases, (c) => isometry(m.scale(theorem.bestHead(c.someEncoder, c.moments), N ** 0.5))),
      }],
    },
    {
      id: "X7 T2",
      what: "DIET's error with that head, above its minimum",
      error: worst(cases, (c) => Math.abs(excess(c, head(c)))),
      tolerance: 1e-10,
      controls: [{
        what: "another isometry",
        error: nearest(cases, (c) => excess(c, m.multiply(head(c), c.rotation))),
      }],
    },
  ];
}

/** Predictions on all views of the least-squares probe on features W x: the projection onto their columns. */
function probe(c: Case, w: Matrix): Matrix {
  const features = m.multiply(stacked(c), m.transpose(w));
  const { u } = decompose.svd(features);
  return m.multiply(u, m.transpose(u));
}

function stacked({ sources }: Case): Matrix {
  const views = sources[0]!.rows;
  return m.build(N * views, D, (i, j) => m.at(sources[Math.floor(i / views)]!, i % views, j));
}

function withoutIsometry(all: readonly Case[]): Check[] {
  const cases = all.filter((c) => c.rank < D); // at full width every row space is the whole space
  const mixed = (c: Case) => encoderFor(c, c.mixing);
  return [
    {
      id: "T3",
      what: "W_H any invertible factor: largest angle between row spaces of W and W_sc",
      error: worst(cases, (c) => decompose.principalAngles(mixed(c), c.minima.spectral)[0]!),
      tolerance: 1e-10,
      controls: [{
        what: "some other encoder",
        error: nearest(cases, (c) => decompose.principalAngles(c.someEncoder, c.minima.spectral)[0]!),
      }],
    },
    {
      id: "T3",
      what: "predictions of unregularised linear probes on W and W_sc",
      error: worst(cases, (c) => m.relativeDistance(probe(c, mixed(c)), probe(c, c.minima.spectral))),
      tolerance: 1e-10,
      controls: [{
        what: "some other encoder",
        error: nearest(
          cases,
          (c) => m.relativeDistance(probe(c, c.someEncoder), probe(c, c.minima.spectral)),
        ),
      }],
    },
    {
      id: "T3",
      what: "inner products of features: n W^T W against W_sc^T W_sc",
      error: nearest(cases, (c) => secondStatement(c, mixed(c))),
      relation: "above",
      tolerance: 0.1,
      controls: [{
        what: "W_H an isometry",
        error: worst(cases, (c) => secondStatement(c, encoderFor(c, c.rotation))),
      }],
    },
  ];
}

/** Encoders and heads found by gradients from small random starts. */
function train(c: Case) {
  const { rank, sources, seed, moments } = c;
  const start = training.startingPoint(rank * (N + D), 0.3, seed);
  const fit = (loss: "mse" | "cross-entropy") => {
    const smoothing = loss === "mse" ? 0 : 0.1;
    const { x, slope } = minimise(training.indexObjective(loss, sources, rank, { smoothing }), start, {
      slope: 1e-8,
    });
    return { ...training.unpack(x, N, D, rank), slope };
  };
  const found = minimise(training.spectralObjective(moments, rank), start.subarray(0, rank * D), {
    slope: 1e-10,
  });
  return {
    c,
    mse: fit("mse"),
    entropy: fit("cross-entropy"),
    spectral: { rows: rank, columns: D, data: found.x } as Matrix,
  };
}

/** Departure of A^T A from W_sc^T W_sc at the scale that fits best. */
function shapeError({ spectralGram }: Case, a: Matrix): number {
  const g = m.gram(a);
  const by = m.trace(m.multiply(g, spectralGram)) / m.trace(m.multiply(g, g));
  return m.relativeDistance(m.scale(g, by), spectralGram);
}

function measure(): Measured {
  const cases = SEEDS.flatMap((seed) => RANKS.map((rank) => caseOf(seed, rank)));
  const trained = cases.map(train);
  const product = (t: typeof trained[number], which: "mse" | "entropy") =>
    m.multiply(t[which].head, t[which].w);
  const degrees = (angles: readonly number[]) => angles.map((a) => (a * 180 / Math.PI).toFixed(1)).join(", ");
  return {
    checks: [
      ...formulas(cases),
      ...closedForms(cases),
      {
        id: "X8 T1",
        what: "both trained by gradients: n A^T A against W^T W",
        error: Math.max(
          ...trained.map((t) =>
            m.relativeDistance(m.scale(m.gram(product(t, "mse")), N), m.gram(t.spectral))
          ),
        ),
        tolerance: 1e-5,
        controls: [{
          what: "n W^T W of the trained encoder, head left out",
          error: Math.min(...trained.map((t) => secondStatement(t.c, t.mse.w))),
        }],
      },
      {
        id: "X8 T1",
        what: "trained spectral encoder against its closed form",
        error: Math.max(...trained.map((t) => m.relativeDistance(m.gram(t.spectral), t.c.spectralGram))),
        tolerance: 1e-5,
        controls: [{
          what: "some other encoder",
          error: nearest(cases, (c) => m.relativeDistance(m.gram(c.someEncoder), c.spectralGram)),
        }],
      },
      ...withoutIsometry(cases),
      {
        id: "T4",
        what: "cross-entropy instead of squared error: A^T A against W_sc^T W_sc at the best scale",
        error: Math.min(...trained.map((t) => shapeError(t.c, product(t, "entropy")))),
        relation: "above",
        tolerance: 1e-2,
        controls: [{
          what: "squared error",
          error: Math.max(...trained.map((t) => shapeError(t.c, product(t, "mse")))),
        }],
      },
    ],
    tables: [{
      title: "Row spaces of trained encoders against the spectral minimiser",
      note:
        "Principal angles in degrees. The authors claim approximate agreement for cross-entropy; at width " +
        `${D} every row space is the whole space.`,
      headings: [
        "seed",
        "width",
        "squared error",
        "cross-entropy",
        "condition of W_H (squared error)",
        "raw n W^T W off by",
      ],
      rows: trained.map((t) => {
        const { s } = decompose.svd(t.mse.head);
        return [
          String(t.c.seed),
          String(t.c.rank),
          degrees(decompose.principalAngles(t.mse.w, t.c.minima.spectral)),
          degrees(decompose.principalAngles(t.entropy.w, t.c.minima.spectral)),
          (s[0]! / s.at(-1)!).toFixed(1),
          `${(100 * secondStatement(t.c, t.mse.w)).toFixed(0)} %`,
        ];
      }),
    }],
    notes: [
      `${N} sources in R^${D}, 5 equally likely views each, widths ${
        RANKS.join(", ")
      }, ${SEEDS.length} drawings.`,
      "The theorem is reconstructed from its public discussion: population losses, x and x+ from one source (the same " +
      "view allowed), x and x' from independent sources (the same allowed).",
      "Training: L-BFGS from small random starts. Cross-entropy has label smoothing 0.1, so that a minimum exists.",
    ],
  };
}

export const experiment: Experiment = exactExperiment({
  id: "sdiet/theorem",
  title: "S-DIET: linear DIET and the spectral contrastive loss",
  summary:
    "Closed forms, their equality with and without an isometric head, training by gradients, cross-entropy",
  statements: {
    X6: "Both population losses are the stated matrix formulas.",
    "X7 T1": "At the global minima n A^T A = W_sc^T W_sc with A = W_H W, whatever the head and the width.",
    "X7 T2": "If W_H is an isometry, n W^T W = W_sc^T W_sc, and every spectral minimiser has such a head.",
    "X8 T1": "Training by gradients finds minima that satisfy T1.",
    T3: "Without the isometry only the row space is common: linear probes agree, distances do not.",
    T4: "With cross-entropy T1 does not hold; angles between row spaces are reported.",
  },
  measure,
});
