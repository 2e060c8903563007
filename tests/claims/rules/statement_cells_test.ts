import assert from "node:assert/strict";
import { best, change, same, within } from "../../../src/claims/rules/statement_cells.ts";
import { demoCorpus } from "../real_corpus.ts";

Deno.test("best with a sampling margin separates beaten from unresolved", () => {
  const demo = (a: string, b: string) =>
    best(demoCorpus(`tables:
  - id: t
    title: T
    reference: paper
    dataset: big
    metric: top1
    unit: percent
    columns: [{ id: c }]
    rows:
      - { id: ours, cells: [${a}] }
      - { id: theirs, cells: [${b}] }
statements:
  - id: s
    quote: "far better"
    reference: paper
    asserts: { form: best, winners: ["t/ours/*"], among: ["t/*/*"], margin: sampling }
`)).map((f) => f.rule);
  assert.deepEqual(demo("92.0", "90.0"), []);
  assert.deepEqual(demo("90.3", "90.0"), ["statement/unsupported"]);
  assert.deepEqual(demo("89.0", "90.0"), ["statement/contradicted"]);
});

const grid = (assertion: string) =>
  demoCorpus(`tables:
  - id: t
    title: T
    reference: paper
    metric: time
    unit: minutes
    columns: [{ id: a }, { id: b }]
    rows:
      - { id: x, cells: [10.0, 11.0] }
      - { id: y, cells: [12.0, 11.9] }
statements:
  - id: s
    quote: "words"
    reference: paper
    asserts: ${assertion}
`);

Deno.test("same compares within a column, at the ratio that the statement allows", () => {
  const found = (within: number) => same(grid(`{ form: same, cells: ["t/*/*"], within: ${within} }`));
  assert.deepEqual(found(0.25), []);
  assert.match(found(0.1)[0]!.message, /does not hold in 1 of 2 columns/);
});

Deno.test("within allows for rounding, and only notes what is a tenth or less beyond", () => {
  const found = (low: number, high: number) =>
    within(grid(`{ form: within, cells: ["t/*/*"], low: ${low}, high: ${high} }`));
  assert.deepEqual(found(10.04, 12), []);
  assert.equal(found(10.5, 12)[0]!.severity, "note");
  assert.equal(found(10, 10.5)[0]!.severity, "error");
});

Deno.test("change counts the rows that move the other way", () => {
  const found = (direction: string) =>
    change(grid(`{ form: change, from: ["t/*/a"], to: ["t/*/b"], direction: ${direction} }`));
  assert.match(found("up")[0]!.message, /fails in 1 of 2 rows/);
  assert.match(found("up")[0]!.arithmetic[0]!, /y: 12\.0 -> 11\.9, -0\.1/);
  assert.match(found("down")[0]!.arithmetic[0]!, /x: 10\.0 -> 11\.0/);
});
