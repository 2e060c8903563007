import assert from "node:assert/strict";
import { cellCase, cellCases, publishedCell } from "../../src/judge/published_cell.ts";
import { judgeClaims } from "../../src/judge/judge_claims.ts";
import type { MeasuredCell } from "../../src/judge/measured.ts";
import { demoCorpus, realCorpus } from "../claims/real_corpus.ts";

const corpus = realCorpus();
const solo = publishedCell(corpus, "solo-learn:cifar", "simclr", "c10")!;

const cell = (values: readonly number[], more: Partial<MeasuredCell> = {}): MeasuredCell => ({
  row: "simclr",
  column: "c10",
  unit: "percent",
  outcome: { values, seeds: values.map((_, i) => i), testSetSize: 10_000 },
  dataset: "cifar10",
  scale: "paper",
  protocol: { encoder: solo.protocol.encoder, epochs: solo.protocol.epochs, probe: "linear", mode: "online" },
  ...more,
});
const only = (measured: MeasuredCell | undefined, claim = solo) =>
  judgeClaims([cellCase(claim, measured)])[0]!;

Deno.test("publishedCell finds a cell by table, row and column, and a method under the name of the source", () => {
  assert.equal(solo.id, "solo-learn:cifar/simclr/c10");
  assert.equal(publishedCell(corpus, "solo-learn:cifar", "moco", "c10")!.row, "moco-v2+");
  assert.equal(publishedCell(corpus, "lightly:cifar", "barlow", "b128-e200-acc")!.row, "barlow-twins");
  assert.equal(publishedCell(corpus, "solo-learn:cifar", "simclr", "c1000"), undefined);
  assert.equal(publishedCell(corpus, "solo-learn:nothing", "simclr", "c10"), undefined);
});

Deno.test("cellCases meets every measured cell that was published, and no other", () => {
  const cells = [cell([90, 91]), cell([1, 2], { row: "sdiet" }), cell([66, 67], { column: "c100" })];
  assert.deepEqual(cellCases(corpus, { table: "solo-learn:cifar", cells }).map((c) => c.about.id), [
    "solo-learn:cifar/simclr/c10",
    "solo-learn:cifar/simclr/c100",
  ]);
});

Deno.test("cellCase judges a run under the published conditions, and refuses a smaller one by name", () => {
  assert.equal(only(cell([90.7, 90.8, 90.75])).verdict, "REPRODUCED");
  assert.equal(only(cell([80, 80.1, 79.9])).verdict, "BELOW");
  assert.equal(only(undefined).verdict, "NOT-RUN");
  assert.equal(only(cell([])).verdict, "NOT-RUN");
  const small = only(
    cell([41, 42], { dataset: "cifar10-jpeg", scale: "mini", protocol: { encoder: "tiny" } }),
  );
  assert.equal(small.verdict, "NOT-COMPARABLE");
  assert.deepEqual(small.differs.slice(0, 3), ["dataset", "scale", "protocol.encoder"]);
  assert.match(small.statement, /90\.74 %.*full scale/);
  assert.match(small.source.paper, /solo-learn.*at /);
});

Deno.test("cellCase uses the published spread and runs, and compares fractions as percent and gigabytes as bytes", () => {
  const demo = demoCorpus(`tables:
  - id: t1
    title: T
    reference: paper
    dataset: big
    columns: [{ id: acc, metric: top1, unit: fraction, n: 5 }, { id: gb, metric: peak-memory, unit: gigabytes }]
    rows:
      - { id: ours, role: proposed, cells: [{ value: 0.675, spread: { value: 0.001, kind: sd } }, 3.7] }
`);
  const [accuracy, memory] = demo.claims;
  const same = { row: "ours", dataset: "big", protocol: {} };
  const judged = only(cell([67.5], { ...same, column: "acc" }), accuracy);
  assert.equal(judged.verdict, "REPRODUCED");
  assert.ok(judged.notes!.some((n) => n.includes("population sd (kind unstated)")));
  const exact = (value: number) =>
    only(cell([], { ...same, column: "gb", unit: "bytes", outcome: { value } }), memory);
  assert.equal(exact(3_720_000_000).verdict, "REPRODUCED");
  assert.equal(exact(3_760_000_000).verdict, "EXCEEDS");
  assert.equal(exact(3_720_000_000).p, undefined);
});
