import assert from "node:assert/strict";
import { definitionOf, planCases, RUN_CASES, runSpecOf } from "../../../src/evidence/gate/smoke.ts";

Deno.test("planCases have names of their own and definitions that differ", () => {
  const cases = planCases();
  assert.equal(new Set(cases.map((c) => c.id)).size, cases.length);
  assert.equal(new Set(cases.map((c) => definitionOf(c.request))).size, cases.length);
});

Deno.test("definitionOf forgets the seed and nothing else", () => {
  const [method] = Object.keys(RUN_CASES.preset.methods);
  const of = (seed: number, images = 1000) => definitionOf(runSpecOf(RUN_CASES, method!, seed, images));
  assert.equal(of(0), of(1));
  assert.notEqual(of(0), of(0, 2000), "the learning rate's schedule has another length");
});

Deno.test("RUN_CASES have the five seeds that a metric needs to be judged", () => {
  assert.ok(new Set(RUN_CASES.seeds).size >= 5);
});
