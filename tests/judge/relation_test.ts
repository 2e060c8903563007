import assert from "node:assert/strict";
import { printRelation } from "../../src/judge/relation.ts";

const text = (left: number, right: number, unit = right) =>
  printRelation(left, right, unit, (show) => `${show(left)} vs ${show(right)}`);

Deno.test("printRelation adds digits until the printed numbers compare as the exact ones", () => {
  assert.equal(text(0.31, 0.5), "0.31 vs 0.50");
  assert.equal(text(0.5004, 0.5), "0.5004 vs 0.5000");
  assert.equal(text(0.49996, 0.5), "0.49996 vs 0.50000");
  assert.equal(text(0.5, 0.5), "0.50 vs 0.50");
});

Deno.test("printRelation starts with two significant digits of the unit", () => {
  assert.equal(text(0.0031, 0.005), "0.0031 vs 0.0050");
  assert.equal(text(310, 500), "310 vs 500");
  assert.equal(text(1, 0, 0), "1.00 vs 0.00");
});
