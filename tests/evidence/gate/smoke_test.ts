import assert from "node:assert/strict";
import { definitionOf, planCases, RUN_CASES, runSpecOf } from "../../../src/evidence/gate/smoke.ts";

Deno.test("planCases have names of their own and definitions that differ", () => {
  const cases = planCases();
  assert.equal(new Set(cases.map((c) => c.id)).size, cases.length);
  assert.equal(new Set(cases.map((c) => definitionOf(c.request))).size, cases.length);
});

Deno.test("definitionOf forgets the seed and nothing else", async () => {
  const [method] = Object.keys(RUN_CASES.methods);
  const of = async (seed: number, cases = RUN_CASES) => definitionOf(await runSpecOf(cases, method!, seed));
  assert.equal(await of(0), await of(1));
  assert.notEqual(await of(0), await of(0, { ...RUN_CASES, all: { ...RUN_CASES.all, epochs: 5 } }));
});

Deno.test("RUN_CASES have the five seeds that a metric needs to be judged", () => {
  assert.ok(new Set(RUN_CASES.seeds).size >= 5);
});
