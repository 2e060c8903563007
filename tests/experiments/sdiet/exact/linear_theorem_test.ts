import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { PhiloxStream } from "../../../../src/base/random.ts";
import * as theorem from "../../../../experiments/sdiet/exact/linear_theorem.ts";
import * as m from "../../../../experiments/sdiet/exact/linear_algebra.ts";

const sources = theorem.drawSources(6, 4, 3, 0.5, 1);
const moments = theorem.momentsOf(sources);
const some = (rows: number, columns: number, seed: number) =>
  m.gaussian(rows, columns, new PhiloxStream([seed, 0]));

Deno.test("momentsOf gives source means and the mean outer product of all views", () => {
  assert.ok(
    Math.abs(moments.means.get(2, 1) - [0, 1, 2].reduce((s, v) => s + sources[2]!.get(v, 1), 0) / 3) <
      1e-15,
  );
  let sum = 0;
  for (const x of sources) for (let v = 0; v < 3; v++) sum += x.get(v, 0) * x.get(v, 3);
  assert.ok(Math.abs(moments.second.get(0, 3) - sum / 18) < 1e-14);
});

Deno.test("both losses agree in three forms, and leaving out same-source pairs is another loss", () => {
  const w = some(2, 4, 3), a = some(6, 4, 4);
  const near = (x: number, y: number) =>
    assert.ok(Math.abs(x - y) < 1e-10 * Math.max(1, Math.abs(y)), `${x}, ${y}`);
  near(theorem.spectralLoss(w, moments), theorem.spectralLossBySums(w, sources));
  near(theorem.spectralLossAsDistance(w, moments), theorem.spectralLossBySums(w, sources));
  near(theorem.dietLoss(a, moments), theorem.dietLossBySums(a, sources));
  near(theorem.dietLossAsDistance(a, moments), theorem.dietLossBySums(a, sources));
  assert.ok(
    Math.abs(theorem.spectralLossBySums(w, sources, false) - theorem.spectralLoss(w, moments)) > 1e-3,
  );
});

Deno.test("minimaOf gives points that no small step improves, for every width", () => {
  for (const rank of [1, 2, 4]) {
    const { spectral, diet, left, gap } = theorem.minimaOf(moments, rank);
    assert.ok(gap > 1);
    const best = [theorem.spectralLoss(spectral, moments), theorem.dietLoss(diet, moments)];
    for (let seed = 0; seed < 20; seed++) {
      const moved = some(rank, 4, seed).mul(0.05).add(spectral);
      const head = some(6, rank, seed + 50).mul(0.05).add(left);
      const within = m.product(head, left.transpose(), diet); // stays of that rank
      assert.ok(theorem.spectralLoss(moved, moments) >= best[0]!);
      assert.ok(theorem.dietLoss(within, moments) >= best[1]!);
    }
  }
});

Deno.test("bestHead leaves no gradient by the head", () => {
  const w = some(2, 4, 9);
  const head = theorem.bestHead(w, moments);
  const residual = m.product(head, w, moments.second).sub(Matrix.mul(moments.means, 1 / 6));
  assert.ok(residual.mmul(w.transpose()).norm() < 1e-12);
});
