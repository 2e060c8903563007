/** The statements about linear DIET's global minima as checks: loss formulas, equality of minima, minima without isometry. */
import { Matrix } from "ml-matrix";
import type { Check } from "../../exact/check.ts";
import * as m from "./linear_algebra.ts";
import * as theorem from "./linear_theorem.ts";
import {
  type Case,
  D,
  encoderFor,
  excess,
  firstStatement,
  N,
  nearest,
  secondStatement,
  worst,
} from "./theorem_cases.ts";

/** Both losses as matrix formulas against sums over views. */
export function formulas(cases: readonly Case[]): Check[] {
  const trap = (c: Case) =>
    Math.abs(
      theorem.spectralLossBySums(c.someEncoder, c.sources, false) -
        theorem.spectralLoss(c.someEncoder, c.moments),
    );
  const spectral = (form: typeof theorem.spectralLoss) => (c: Case) =>
    Math.abs(form(c.someEncoder, c.moments) - theorem.spectralLossBySums(c.someEncoder, c.sources));
  const diet = (form: typeof theorem.dietLoss, views = (c: Case) => c.moments) => (c: Case) => {
    const a = c.someHead.mmul(c.someEncoder);
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

/** The closed-form minima against each other, with an isometric head. */
export function closedForms(cases: readonly Case[]): Check[] {
  const head = (c: Case) => theorem.bestHead(c.minima.spectral, c.moments).mul(N ** 0.5);
  const isometry = (h: Matrix) => m.gram(h).sub(Matrix.eye(h.columns)).norm();
  return [
    {
      id: "X7 T1",
      what: "n A^T A against W_sc^T W_sc",
      error: worst(cases, (c) => firstStatement(c, c.minima.diet)),
      tolerance: 1e-10,
      controls: [{
        what: "without the factor n",
        error: nearest(cases, (c) => firstStatement(c, Matrix.mul(c.minima.diet, N ** -0.5))),
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
        error: nearest(cases, (c) => isometry(theorem.bestHead(c.someEncoder, c.moments).mul(N ** 0.5))),
      }],
    },
    {
      id: "X7 T2",
      what: "DIET's error with that head, above its minimum",
      error: worst(cases, (c) => Math.abs(excess(c, head(c)))),
      tolerance: 1e-10,
      controls: [{
        what: "another isometry",
        error: nearest(cases, (c) => excess(c, head(c).mmul(c.rotation))),
      }],
    },
  ];
}

/** Predictions on all views of the least-squares probe on features W x: the projection onto their columns. */
function probe(c: Case, w: Matrix): Matrix {
  const { u } = m.svd(stacked(c).mmul(w.transpose()));
  return u.mmul(u.transpose());
}

function stacked({ sources }: Case): Matrix {
  const views = sources[0]!.rows;
  return m.build(N * views, D, (i, j) => sources[Math.floor(i / views)]!.get(i % views, j));
}

/** What is left of the equality when the head is no isometry. */
export function withoutIsometry(all: readonly Case[]): Check[] {
  const cases = all.filter((c) => c.rank < D); // at full width every row space is the whole space
  const mixed = (c: Case) => encoderFor(c, c.mixing);
  return [
    {
      id: "T3",
      what: "W_H any invertible factor: largest angle between row spaces of W and W_sc",
      error: worst(cases, (c) => m.principalAngles(mixed(c), c.minima.spectral)[0]!),
      tolerance: 1e-10,
      controls: [{
        what: "some other encoder",
        error: nearest(cases, (c) => m.principalAngles(c.someEncoder, c.minima.spectral)[0]!),
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
