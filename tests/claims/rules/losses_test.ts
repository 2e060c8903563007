import assert from "node:assert/strict";
import type { LossSpec } from "../../../src/claims/assertions.ts";
import { gradientRatio, lossGradient, softmax } from "../../../src/claims/rules/losses.ts";

const kept = "stop-gradient" as const;
const o = [0.3, -1.2, 2.1, 0.7];
const none = [0, 0, 0, 0];
const close = (a: readonly number[], b: readonly number[], tolerance: number) =>
  a.forEach((x, i) => assert.ok(Math.abs(x - b[i]!) < tolerance, `${x} against ${b[i]}`));

Deno.test("softmax sums to one and survives large logits", () => {
  const p = softmax([1000, 999, 0]);
  assert.ok(Math.abs(p.reduce((s, x) => s + x, 0) - 1) < 1e-12);
  assert.ok(Math.abs(p[0]! / p[1]! - Math.E) < 1e-9);
});

// Central differences of step 1e-5 in double precision are good to about 1e-10; 1e-8 leaves room.
Deno.test("lossGradient of cross-entropy is prediction minus target", () => {
  const offset = [0.5, 0, -0.3, 0.1];
  const p = softmax(o);
  const q = softmax(o.map((x, i) => x + offset[i]!));
  close(lossGradient({ loss: "cross-entropy", target: kept }, o, offset), p.map((x, i) => x - q[i]!), 1e-8);
});

Deno.test("lossGradient of negative entropy is p (log p + H)", () => {
  const p = softmax(o);
  const h = -p.reduce((s, x) => s + x * Math.log(x), 0);
  close(
    lossGradient({ loss: "negative-entropy", target: kept }, o, none),
    p.map((x) => x * (Math.log(x) + h)),
    1e-8,
  );
});

Deno.test("lossGradient of sqrt-kl through its target adds (u - p) / 2", () => {
  const p = softmax(o);
  const root = p.map(Math.sqrt);
  const u = root.map((x) => x / root.reduce((s, y) => s + y, 0));
  const h = -p.reduce((s, x) => s + x * Math.log(x), 0);
  const expected = p.map((x, i) => 0.5 * x * (Math.log(x) + h) + 0.5 * (u[i]! - x));
  close(lossGradient({ loss: "sqrt-kl", power: 0.5, target: "through" }, o, none), expected, 1e-8);
});

Deno.test("gradientRatio gives 1 - a for sqrt-kl of power a against negative entropy", () => {
  for (const power of [0.2, 0.5, 0.8]) {
    const { ratio, residual } = gradientRatio({ loss: "sqrt-kl", power, target: kept }, {
      loss: "negative-entropy",
      target: kept,
    });
    assert.ok(Math.abs(ratio - (1 - power)) < 1e-8 && residual < 1e-7, `${power}: ${ratio}, ${residual}`);
  }
});

Deno.test("gradientRatio sees that KL and cross-entropy part when the target carries gradient", () => {
  const spec = (loss: LossSpec["loss"], target: LossSpec["target"]): LossSpec => ({ loss, target });
  const apart = gradientRatio(spec("kl", "through"), spec("cross-entropy", "through"));
  assert.ok(apart.residual > 0.1);
  const equal = gradientRatio(spec("kl", kept), spec("cross-entropy", kept));
  assert.ok(Math.abs(equal.ratio - 1) < 1e-8 && equal.residual < 1e-7);
});
