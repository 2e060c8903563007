import assert from "node:assert/strict";
import fc from "fast-check";
import type { Case } from "../../src/judge/judge_all.ts";
import { judgeAll } from "../../src/judge/judge_all.ts";
import { CONDITIONS, directionCase, valueCase } from "./cases.ts";

// Ordinary numbers beside everything that breaks arithmetic.
const any = fc.oneof(
  fc.double(),
  fc.integer({ min: 0, max: 100 }),
  fc.constantFrom(NaN, Infinity, -Infinity, 0, 1e308, 5e-324, -1),
);
const list = fc.oneof(
  fc.array(any, { maxLength: 4 }),
  fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 4 }),
);

const value: fc.Arbitrary<Case> = fc.tuple(
  fc.record({
    value: any,
    halfStep: fc.oneof(any, fc.constant(0.5)),
    n: fc.oneof(any, fc.constant(null)),
    runs: list,
    spread: fc.record({
      value: any,
      halfStep: any,
      kind: fc.constantFrom("sample-sd", "population-sd", "sd", "se", "ci95", "range", "unstated"),
    }),
  }),
  list,
  any,
  any,
  fc.boolean(),
).map(([claim, values, size, margin, plain]) => {
  const stated = plain ? { value: claim.value, halfStep: claim.halfStep } : claim;
  return { id: "value", kind: "value", input: valueCase(stated, { values, testSetSize: size }, margin) };
});

const direction: fc.Arbitrary<Case> = fc.tuple(
  fc.oneof(
    any.map((by) => ({ kind: "above", by }) as const),
    any.map((ratio) => ({ kind: "ratio-at-most", ratio }) as const),
  ),
  list,
  list,
  fc.boolean(),
).map(([relation, a, b, sharedSeeds]) => (
  { id: "direction", kind: "direction", input: directionCase(relation, a, b, { sharedSeeds }) }
));

const exact: fc.Arbitrary<Case> = fc.tuple(
  fc.constantFrom("at-most", "equal", "at-least"),
  any,
  any,
  any,
  any,
).map(
  ([relation, value, halfStep, numerator, denominator]) => ({
    id: "exact",
    kind: "exact",
    input: {
      claim: { ...CONDITIONS, relation, value, halfStep },
      measured: { ...CONDITIONS, numerator, denominator },
    },
  }),
);

Deno.test("judgeAll is total: any numbers at all give verdicts and never an exception", () => {
  const seen = new Set<string>();
  const rows = fc.array(fc.oneof(value, direction, exact), { maxLength: 5 });
  fc.assert(
    fc.property(rows, fc.constantFrom("holm", "benjamini-hochberg"), (rows, correction) => {
      for (const r of judgeAll(rows, { correction })) {
        seen.add(r.verdict);
        assert.ok(r.p === null || (r.p.holds >= 0 && r.p.holds <= 1 && r.p.fails >= 0 && r.p.fails <= 1));
        assert.ok(r.seedsNeeded === null || Number.isSafeInteger(r.seedsNeeded));
      }
    }),
    { numRuns: 1500 },
  );
  for (const verdict of ["REPRODUCED", "EXCEEDS", "BELOW", "INCONCLUSIVE", "NOT-COMPARABLE", "NOT-RUN"]) {
    assert.ok(seen.has(verdict), `the generated cases must reach ${verdict}`);
  }
});
