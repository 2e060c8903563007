import assert from "node:assert/strict";
import { canonicalHash } from "../../src/base/canonical.ts";
import { stepsPerEpoch } from "../../src/record/spec/spec.ts";
import { smallRun } from "../train/small_run.ts";

Deno.test("a last batch that is not full is left out", () => {
  assert.equal(stepsPerEpoch(5000, 128), 39);
  assert.equal(stepsPerEpoch(127, 128), 0);
});

Deno.test("a specification's hash changes with anything in it", () => {
  const hash = canonicalHash(smallRun);
  assert.equal(canonicalHash(structuredClone(smallRun)), hash);
  assert.notEqual(canonicalHash({ ...smallRun, seed: 5 }), hash);
  assert.notEqual(canonicalHash({ ...smallRun, hyper: { T: 0.1 } }), hash);
});
