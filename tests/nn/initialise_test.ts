import assert from "node:assert/strict";
import { PhiloxStream } from "../../src/base/random.ts";
import {
  constant,
  kaimingNormalFanOut,
  normal,
  torchDefault,
  truncatedNormal,
  uniform,
  zeros,
} from "../../src/nn/initialise.ts";
import type { Initialiser } from "../../src/nn/trace.ts";

const N = 40_000;

/** Mean, deviation and largest magnitude of N draws. */
function moments(initialiser: Initialiser): { mean: number; deviation: number; largest: number } {
  const x = initialiser(new PhiloxStream([5, 1]), N);
  assert.equal(x.length, N);
  const mean = x.reduce((a, b) => a + b, 0) / N;
  const deviation = Math.sqrt(x.reduce((a, b) => a + (b - mean) ** 2, 0) / N);
  return { mean, deviation, largest: x.reduce((a, b) => Math.max(a, Math.abs(b)), 0) };
}

/** A mean of N draws has deviation d / sqrt(N) = d / 200, their deviation at most about d / 280: five of each. */
function check(initialiser: Initialiser, deviation: number): number {
  const m = moments(initialiser);
  assert.ok(Math.abs(m.mean) < 5 * deviation / 200, `mean ${m.mean}`);
  assert.ok(
    Math.abs(m.deviation - deviation) < 5 * deviation / 280,
    `deviation ${m.deviation}, not ${deviation}`,
  );
  return m.largest;
}

Deno.test("constant and zeros fill with one value", () => {
  assert.deepEqual([...constant(2.5)(new PhiloxStream([0, 1]), 3)], [2.5, 2.5, 2.5]);
  assert.deepEqual([...zeros(new PhiloxStream([0, 1]), 2)], [0, 0]);
});

Deno.test("uniform stays within its bound and fills it", () => {
  const largest = check(uniform(0.3), 0.3 / Math.sqrt(3));
  assert.ok(largest <= Math.fround(0.3) && largest > 0.299);
});

Deno.test("normal and truncatedNormal have their deviations, the latter no value beyond two", () => {
  assert.ok(check(normal(0.02), 0.02) > 0.06);
  // Deviation of a standard normal cut at two: sqrt(1 - 4 phi(2) / (Phi(2) - Phi(-2))) = 0.8796.
  const largest = check(truncatedNormal(0.02), 0.02 * 0.879626);
  assert.ok(largest <= 0.04 && largest > 0.039);
});

Deno.test("torchDefault is uniform in 1 over the root of the inputs", () => {
  const largest = check(torchDefault(64), 1 / 8 / Math.sqrt(3));
  assert.ok(largest <= 1 / 8 && largest > 0.124);
});

Deno.test("kaimingNormalFanOut has variance 2 over the outputs", () => {
  check(kaimingNormalFanOut(9 * 32), Math.sqrt(2 / (9 * 32)));
});
