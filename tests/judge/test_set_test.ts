import assert from "node:assert/strict";
import { itemStep, samplingError } from "../../src/judge/test_set.ts";
import { assertClose } from "../stats/close.ts";

Deno.test("samplingError is in the unit of the share and null for anything else", () => {
  assertClose(samplingError(90.74, "percent", 10_000)!.se, 0.28987, 1e-4);
  assertClose(samplingError(0.9074, "fraction", 10_000)!.se, 0.0028987, 1e-4);
  assert.equal(samplingError(12, "gigabytes", 10_000), null);
  assert.equal(samplingError(90, "percent", null), null);
  assert.equal(samplingError(101, "percent", 100), null);
});

Deno.test("itemStep is one test item's worth, and 0 for what is no share of items", () => {
  assert.equal(itemStep("percent", 500), 0.2);
  assert.equal(itemStep("fraction", 500), 0.002);
  assert.equal(itemStep("minutes", 500), 0);
  assert.equal(itemStep("percent", null), 0);
});
