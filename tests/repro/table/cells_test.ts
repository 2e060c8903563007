import assert from "node:assert/strict";
import { canonicalHash } from "../../../src/base/canonical.ts";
import type { Cell } from "../../../src/report/result.ts";
import { planSpec } from "../../../src/repro/plan_step.ts";
import { cellOf, columnOf, curveOf, differencesOf, outcomesOf } from "../../../src/repro/table/cells.ts";
import * as words from "../../../src/repro/table/vocabulary.ts";
import { imagesOf, type Log, small, smoke, STEPS_PER_EPOCH, tellingOf } from "./small_table.ts";

const { knn, gain } = small.measures;
const measures: words.Table["measures"] = {
  knn: knn!,
  gain: gain!,
  rank: { ...words.collapse("rankme") },
  planned: words.planned(),
  larger: words.planned({ batch: 64 }),
  ...words.heads({ ...smoke.all, images: 5000 }, "small"),
  ...words.COUNTED,
  evaluations: words.gradientEvaluations,
  loss: words.metric("loss"),
  T: words.field("hyper.T", "temperature"),
  encoder: words.field("encoder", "encoder"),
  views: words.field("views", "views"),
  program: words.program,
  ratio: words.ratio("planned", "simclr", "to SimCLR"),
};
const table = { ...small, measures, checks: [] };

/** Accuracies that tell row, seed and epoch apart. */
const log = (row: string, seed: number): Log => ({
  answer: (probe, epoch) =>
    probe.kind === "collapse"
      ? { rankme: 3 + seed, std: 0.5 }
      : { top1: probe.of === "pixels" ? 20 : (row === "simclr" ? 50 : 40) + 10 * seed + epoch },
  ...{ peakBytes: 700 + seed, plannedBytes: 700, stepMs: 5 - seed, seconds: 2 + seed, program: row },
});
const t = await tellingOf(table, (run) => log(run.row, run.seed));
const [first] = t.runs;

Deno.test("cellOf tells each kind of measure from logs, plans and specifications", async () => {
  const { peakBytes, head } = await planSpec(first!.spec);
  assert.equal(head, undefined);
  const larger = await planSpec({ ...first!.spec, batch: 64 });
  const expected: Record<string, Cell | undefined> = {
    knn: { values: [52, 62] },
    gain: { values: [2, 2] },
    rank: { values: [3, 4] },
    planned: { value: peakBytes },
    larger: { value: larger.peakBytes },
    "head-on-gpu": undefined,
    epochs: { value: 2 },
    images: { value: imagesOf(first!) },
    measured: { value: 700 },
    plannedHere: { value: 700 },
    stepMs: { value: 5 },
    seconds: { value: 6 },
    evaluations: { value: 2 * STEPS_PER_EPOCH },
    loss: { values: [2, 2] },
    T: { text: String(first!.spec.hyper.T) },
    encoder: { text: JSON.stringify(first!.spec.encoder) },
    views: { text: "2" },
    program: { text: canonicalHash("simclr") },
    ratio: { value: 1 },
  };
  for (const [id, cell] of Object.entries(expected)) {
    assert.deepEqual(await cellOf(t, "simclr", id), cell, id);
  }
  assert.ok(larger.peakBytes > peakBytes);
  const rows = await cellOf(t, "sdiet", "head-on-disk");
  assert.ok(rows && "value" in rows && rows.value > 5000 * 4);
});

Deno.test("cellOf of what nothing trained: the untrained encoder by seed, pixels once under their own probes", async () => {
  assert.deepEqual(await cellOf(t, "untrained", "knn"), { values: [50, 60] });
  assert.deepEqual(await cellOf(t, "pixels", "knn"), { values: [20] });
  for (const row of ["untrained", "pixels"]) {
    for (const id of ["rank", "gain", "planned", "measured", "images"]) {
      assert.equal(await cellOf(t, row, id), undefined, `${row} ${id}`);
    }
  }
});

Deno.test("cellOf of a run that has not ended is absent; plans and fields are there all the same", async () => {
  const none = await tellingOf(table, () => undefined);
  const stated = ["planned", "larger", "epochs", "T", "encoder", "views", "ratio"];
  for (const id of Object.keys(measures)) {
    const cell = await cellOf(none, "simclr", id);
    assert.equal(cell !== undefined, stated.includes(id), id);
  }
  const counted = { ...table, scales: { smoke: { ...smoke, all: { ...smoke.all, steps: 4 } } } };
  assert.equal(await cellOf(await tellingOf(counted, () => undefined), "simclr", "epochs"), undefined);
  const one = await tellingOf(table, (run) => run.seed === 1 ? log(run.row, 1) : undefined);
  assert.deepEqual(await cellOf(one, "simclr", "knn"), { values: [62] });
});

Deno.test("cellOf compares with the plan of a row that was not chosen", async () => {
  const chosen = await tellingOf(table, () => undefined, { rows: ["sdiet"] });
  const ratio = await cellOf(chosen, "sdiet", "ratio");
  const all = await cellOf(t, "sdiet", "ratio");
  assert.deepEqual(ratio, all);
  assert.ok(ratio && "value" in ratio && ratio.value !== 1);
});

Deno.test("outcomesOf and differencesOf pair by seed, whatever other runs are there", async () => {
  const some = await tellingOf(
    { ...table, scales: { smoke: { ...smoke, seeds: [0, 1, 2] } } },
    ({ row, seed }) => (row === "simclr" ? seed !== 2 : seed !== 0) ? log(row, seed) : undefined,
  );
  const at = (row: string) => ({ row, measure: "knn" });
  assert.deepEqual(await outcomesOf(some, at("simclr")), { seeds: [0, 1], values: [52, 62] });
  assert.deepEqual(await outcomesOf(some, at("sdiet")), { seeds: [1, 2], values: [52, 62] });
  assert.deepEqual(await differencesOf(some, at("simclr"), at("sdiet")), [10]);
  assert.equal(await differencesOf(some, at("simclr"), { row: "sdiet", measure: "planned" }), undefined);
});

Deno.test("columnOf calls times what digests leave out, and takes headings from the measure", () => {
  const renamed = {
    ...table,
    measures: { ms: words.MEASURED.stepMs, linear: words.linear("lbfgs", { heading: "probe" }) },
  };
  assert.equal(columnOf(renamed, "ms").id, "stepMs");
  assert.deepEqual(columnOf(renamed, "linear"), { id: "linear", heading: "probe", unit: "percent" });
  assert.match(columnOf(table, "gain").heading, /^kNN, gain/);
});

Deno.test("curveOf has the untrained encoder at epoch 0 and a point for each evaluation", () => {
  const [probe] = first!.spec.probes;
  assert.deepEqual(curveOf(first!, probe!), [{ x: 0, y: 50 }, { x: 1, y: 51 }, { x: 2, y: 52 }]);
});
