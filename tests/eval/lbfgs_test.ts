import assert from "node:assert/strict";
import { lbfgs, type Smooth } from "../../src/eval/lbfgs.ts";

/** sum c_i (x_i - i)^2 / 2 with curvatures from 1 to 1000, coordinates mixed by their neighbours. */
const quadratic: Smooth = (x, g) => {
  let value = 0;
  g.fill(0);
  for (let i = 0; i < x.length; i++) {
    const c = 10 ** (3 * i / (x.length - 1));
    const r = x[i]! - i + (i > 0 ? 0.5 * (x[i - 1]! - (i - 1)) : 0);
    value += c * r * r / 2;
    g[i]! += c * r;
    if (i > 0) g[i - 1]! += 0.5 * c * r;
  }
  return value;
};

Deno.test("lbfgs finds the minimum of an ill-conditioned quadratic", () => {
  const found = lbfgs(quadratic, new Float64Array(20), { tolerance: 1e-7, iterations: 400 });
  assert.ok(found.converged && found.gradient <= 1e-7);
  found.x.forEach((v, i) => assert.ok(Math.abs(v - i) < 1e-6, `${i}: ${v}`));
  assert.ok(found.iterations > 20);
});

Deno.test("lbfgs descends Rosenbrock's valley to (1, 1) with a value that never rises", () => {
  const seen: number[] = [];
  const valley: Smooth = (x, g) => {
    const [a, b] = [x[0]!, x[1]!];
    g[0] = -2 * (1 - a) - 400 * a * (b - a * a);
    g[1] = 200 * (b - a * a);
    return (1 - a) ** 2 + 100 * (b - a * a) ** 2;
  };
  for (let iterations = 0; iterations < 40; iterations += 4) {
    seen.push(lbfgs(valley, Float64Array.of(-1.2, 1), { iterations }).value);
  }
  for (let i = 1; i < seen.length; i++) assert.ok(seen[i]! <= seen[i - 1]!, `${seen}`);
  const { x, converged } = lbfgs(valley, Float64Array.of(-1.2, 1), { tolerance: 1e-10 });
  assert.ok(converged && Math.abs(x[0]! - 1) < 1e-8 && Math.abs(x[1]! - 1) < 1e-8);
});

Deno.test("lbfgs says when it stopped short, and does nothing at a minimum", () => {
  const short = lbfgs(quadratic, new Float64Array(20), { iterations: 3 });
  assert.deepEqual([short.converged, short.iterations], [false, 3]);
  const there = lbfgs(quadratic, Float64Array.from({ length: 20 }, (_, i) => i));
  assert.deepEqual([there.converged, there.iterations, there.value], [true, 0, 0]);
});
