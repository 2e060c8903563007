import assert from "node:assert/strict";
import { differences, largest } from "../../../experiments/exact/differences.ts";
import * as s from "../../../experiments/exact/scalar.ts";
import {
  divergence,
  flattened,
  GRADIENTS,
  LOSSES,
  negativeEntropy,
  softmaxOf,
} from "../../../experiments/exact/softmax_losses.ts";

const LOGITS = [0.3, -1.2, 2.1, 0.4];
const p = softmaxOf(LOGITS);
const o = s.variables(LOGITS);
const other = s.variables([1, 0.5, -0.5, 0.2]);
const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-14, `${a} against ${b}`);

Deno.test("softmaxOf and flattened are distributions, large logits included", () => {
  near(p.reduce((a, b) => a + b), 1);
  near(p[2]! / p[0]!, Math.exp(1.8));
  assert.deepEqual(softmaxOf([1000, 1000]), [0.5, 0.5]);
  near(flattened(p)[2]! / flattened(p)[0]!, Math.exp(0.9));
  near(flattened(p, 0.25)[2]! / flattened(p, 0.25)[0]!, Math.exp(0.45));
});

Deno.test("losses in self-differentiating numbers have the values of their definitions", () => {
  near(LOSSES.negativeEntropy(o).value, negativeEntropy(p));
  near(LOSSES.sqrtKl(o, o).value, divergence(p, flattened(p)));
  near(LOSSES.sharpening(o, o).value, divergence(p, flattened(p)) - negativeEntropy(p));
  near(LOSSES.forward(o, o).value, divergence(flattened(p), p));
  const q = softmaxOf(s.numbers(other));
  near(LOSSES.kl(o, other).value, divergence(q, p));
  near(LOSSES.crossEntropy(o, other).value, divergence(q, p) - negativeEntropy(q));
});

Deno.test("stated gradients agree with differences of their losses", () => {
  const check = (stated: number[], loss: (x: readonly number[]) => number) =>
    assert.ok(largest(stated, differences(loss, LOGITS)) < 1e-10);
  const u = flattened(p);
  check(GRADIENTS.negativeEntropy(p), (x) => negativeEntropy(softmaxOf(x)));
  check(GRADIENTS.sqrtKl(p), (x) => divergence(softmaxOf(x), u));
  check(GRADIENTS.sharpening(p), (x) => divergence(softmaxOf(x), u) - negativeEntropy(softmaxOf(x)));
  check(GRADIENTS.forward(p), (x) => divergence(u, softmaxOf(x)));
  check(GRADIENTS.throughTarget(p), (x) => divergence(softmaxOf(x), flattened(softmaxOf(x))));
});
