import assert from "node:assert/strict";
import { claimSample } from "../../src/judge/spread.ts";
import { assertClose } from "../stats/close.ts";
import { MOCO_V2 } from "./cases.ts";

const spread = (value: number, kind: "sample-sd" | "population-sd" | "se" | "ci95" | "range" | "unstated") =>
  claimSample({ value: 67.5, n: 5, spread: { value, kind, halfStep: 0 } }).sample?.sd;

Deno.test("claimSample turns every kind of spread into the same sample standard deviation", () => {
  assertClose(spread(0.2, "sample-sd")!, 0.2, 1e-12);
  assertClose(spread(0.2 * Math.sqrt(4 / 5), "population-sd")!, 0.2, 1e-12);
  assertClose(spread(0.2 * Math.sqrt(4 / 5), "unstated")!, 0.2, 1e-12);
  assertClose(spread(0.2 / Math.sqrt(5), "se")!, 0.2, 1e-12);
  // t(0.975, 4) = 2.7764451 from a table
  assertClose(spread(2.7764451 * 0.2 / Math.sqrt(5), "ci95")!, 0.2, 1e-7);
});

Deno.test("claimSample prefers per-run values and says that their mean is used", () => {
  const r = claimSample({ value: 67.5, n: 5, runs: MOCO_V2, spread: { value: 9, kind: "se", halfStep: 0 } });
  assert.equal(r.sample!.n, 5);
  assertClose(r.sample!.sd, 0.164316767, 1e-8);
  assert.match(r.notes[0]!, /their mean is 67\.52/);
});

Deno.test("claimSample takes a claim as fixed when its spread cannot be used, and says so", () => {
  assert.equal(spread(1, "range"), undefined);
  assert.equal(spread(0, "se"), undefined);
  assert.match(claimSample({ value: 1, n: 1 }).notes[0]!, /single run/);
  assert.match(claimSample({ value: 1, n: null }).notes[0]!, /no usable spread/);
  assert.equal(claimSample({ value: 1, n: 2, runs: [1, 1] }).sample, null);
});
