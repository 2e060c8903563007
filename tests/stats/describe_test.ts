import assert from "node:assert/strict";
import fc from "fast-check";
import { mean, populationSd, sampleSd, toSummary } from "../../src/stats/describe.ts";
import { assertAssayError, assertClose } from "./close.ts";

const MOCO_V2 = [67.7, 67.6, 67.4, 67.6, 67.3];

Deno.test("mean, sampleSd and populationSd give MoCo v2's published runs their two spreads", () => {
  assertClose(mean(MOCO_V2), 67.52, 1e-15);
  assert.equal(sampleSd(MOCO_V2).toFixed(3), "0.164");
  assert.equal(populationSd(MOCO_V2).toFixed(3), "0.147");
});

Deno.test("mean and sampleSd do not depend on the order of the values, to the bit", () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
  fc.assert(fc.property(fc.array(finite, { minLength: 2, maxLength: 12 }), (values) => {
    const reversed = [...values].reverse();
    assert.equal(mean(values), mean(reversed));
    assert.equal(sampleSd(values), sampleSd(reversed));
  }));
});

Deno.test("sampleSd of equal values is exactly 0 although their sum rounds", () => {
  assert.equal(mean([0.1, 0.1, 0.1]), 0.1);
  assert.equal(sampleSd([0.1, 0.1, 0.1]), 0);
});

Deno.test("mean refuses an empty list and a value that is not finite, naming its position", () => {
  assertAssayError(() => mean([]), /at least 1 value is required, found 0/);
  assertAssayError(() => mean([1, NaN]), /found NaN at position 2/);
  assertAssayError(() => sampleSd([1]), /at least 2 values are required, found 1/);
});

Deno.test("toSummary passes a printed summary through and refuses an impossible one", () => {
  assert.deepEqual(toSummary("test", "x", { n: 5, mean: 1, sd: 0.2 }), { n: 5, mean: 1, sd: 0.2 });
  assertAssayError(() => toSummary("test", "x", { n: 1, mean: 1, sd: 0.2 }), /found n 1 and sd 0.2/);
  assertAssayError(() => toSummary("test", "x", { n: 3, mean: 1, sd: -1 }), /sd must not be negative/);
  assertAssayError(() => toSummary("test", "x", { n: 3, mean: NaN, sd: 1 }), /finite/);
});
