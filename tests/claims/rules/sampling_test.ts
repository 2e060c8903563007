import assert from "node:assert/strict";
import {
  higherIsBetter,
  isShare,
  resolvable,
  samplingSe,
  whole,
} from "../../../src/claims/rules/sampling.ts";
import { realCorpus } from "../real_corpus.ts";

const claims = realCorpus().claims;
const claim = (id: string) => claims.find((c) => c.id === id)!;

Deno.test("samplingSe of 90.74 % on 10000 images is 0.29 points", () => {
  const c = claim("solo-learn:cifar/simclr/c10");
  assert.equal(samplingSe(c)!.toFixed(2), "0.29");
});

Deno.test("samplingSe of a fraction is a fraction, and unknown without a test-set size", () => {
  assert.equal(samplingSe(claim("lightly:cifar/byol/b512-e800-acc"))!.toFixed(4), "0.0029");
  assert.equal(samplingSe(claim("lightly:imagenette/byol/acc")), undefined);
  assert.equal(samplingSe(claim("lightly:cifar/byol/b512-e800-memory")), undefined);
});

Deno.test("resolvable is 1.96 times the root sum of squares", () => {
  const [a, b] = [claim("solo-learn:cifar/simclr/c10"), claim("solo-learn:cifar/byol/c10")];
  assert.ok(Math.abs(resolvable(a, b)! - 1.959964 * Math.hypot(samplingSe(a)!, samplingSe(b)!)) < 1e-6);
});

Deno.test("isShare, whole and higherIsBetter read metric and unit", () => {
  const [accuracy, memory] = [
    claim("lightly:cifar/byol/b512-e800-acc"),
    claim("lightly:cifar/byol/b512-e800-memory"),
  ];
  assert.deepEqual([isShare(accuracy), isShare(memory), higherIsBetter(memory)], [true, false, false]);
  assert.deepEqual([whole(accuracy), whole(claim("solo-learn:cifar/byol/c10"))], [1, 100]);
});
