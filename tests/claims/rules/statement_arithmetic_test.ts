import assert from "node:assert/strict";
import { arithmetic, meanOf } from "../../../src/claims/rules/statement_arithmetic.ts";
import { demoCorpus } from "../real_corpus.ts";

Deno.test("ratio compares a quotient with the stated one, allowing for rounding of both cells", () => {
  const demo = (a: string) =>
    arithmetic(
      demoCorpus(`tables:
  - id: t
    title: T
    reference: paper
    metric: peak-memory
    unit: gigabytes
    columns: [{ id: c }]
    rows:
      - { id: ours, cells: [${a}] }
      - { id: theirs, cells: [10.0] }
statements:
  - id: s
    quote: "half the memory"
    reference: paper
    asserts: { form: ratio, of: ["t/ours/*"], over: ["t/theirs/*"], stated: 0.5, decimals: 1 }
`),
      "ratio",
    ).length;
  assert.equal(demo("5.2"), 0);
  assert.equal(demo("7.0"), 1);
});

Deno.test("meanOf recomputes a stated mean and says how far lower bounds would have to be exceeded", () => {
  const found = (stated: number) =>
    meanOf(demoCorpus(`tables:
  - id: t
    title: T
    reference: paper
    metric: gain
    unit: points
    columns: [{ id: c }]
    rows:
      - { id: a, bound: at-least, cells: [2.0] }
      - { id: b, cells: [4.0] }
statements:
  - id: s
    quote: "on average"
    reference: paper
    asserts: { form: mean, cells: ["t/*/c"], stated: ${stated} }
`));
  assert.deepEqual(found(3), []);
  assert.match(found(4)[0]!.arithmetic.join("; "), /= 3\.00; 1 of 2 parts are lower bounds, .* by 2\.00/);
});
