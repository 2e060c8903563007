import assert from "node:assert/strict";
import { minimise } from "../../../../experiments/sdiet/exact/minimise.ts";

Deno.test("minimise finds the minimum of Rosenbrock's valley", () => {
  const { x, slope, iterations } = minimise((p) => {
    const [a, b] = [p[0]!, p[1]!];
    return {
      value: (1 - a) ** 2 + 100 * (b - a * a) ** 2,
      gradient: Float64Array.of(-2 * (1 - a) - 400 * a * (b - a * a), 200 * (b - a * a)),
    };
  }, Float64Array.of(-1.2, 1));
  assert.ok(Math.hypot(x[0]! - 1, x[1]! - 1) < 1e-8 && slope <= 1e-9 && iterations < 200);
});

Deno.test("minimise stops at once at a minimum and after the allowed iterations", () => {
  const bowl = (p: Float64Array) => ({ value: p[0]! ** 2, gradient: Float64Array.of(2 * p[0]!) });
  assert.equal(minimise(bowl, Float64Array.of(0)).iterations, 0);
  const steep = (p: Float64Array) => ({ value: p[0]! ** 4, gradient: Float64Array.of(4 * p[0]! ** 3) });
  assert.equal(minimise(steep, Float64Array.of(3), { iterations: 2 }).iterations, 2);
});
