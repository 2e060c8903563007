import assert from "node:assert/strict";
import { strayField } from "../../../src/repro/table/fields.ts";
import { loadExperiment } from "../../../src/repro/experiment_files.ts";
import type { Table } from "../../../src/repro/table/vocabulary.ts";
import { small, smoke } from "./small_table.ts";

/** What is said of the small table with other fields, as a table's file without types could have them. */
const said = (change: object): string | undefined => strayField({ ...small, ...change } as Table);
const { simclr, pixels } = small.rows;
const { knn } = small.measures;

Deno.test("strayField says nothing of tables whose fields all mean something", async () => {
  assert.equal(said({}), undefined);
  for (const id of ["sdiet/table5", "sdiet/table6", "sdiet/ablation"]) {
    assert.equal(strayField((await loadExperiment(id)).table!), undefined, id);
  }
});

Deno.test("strayField names a misspelt field wherever a table has fields, with the nearest", () => {
  const cases: [object, string][] = [
    [{ sumary: "two" }, '"sumary" in the table, did you mean "summary"'],
    [{ rows: { a: { ...simclr, hyperr: {} } } }, '"hyperr" in the row "a", did you mean "hyper"'],
    [{ rows: { a: { ...pixels, pixel: "knn" } } }, '"pixel" in the row "a", did you mean "pixels"'],
    [{ scales: { smoke: { ...smoke, seed: [0] } } }, '"seed" in the scale smoke, did you mean "seeds"'],
    [
      { scales: { smoke: { ...smoke, all: { optimiser: {} } } } },
      '"optimiser" in the scale smoke, did you mean "optimizer"',
    ],
    [
      { scales: { smoke: { ...smoke, rows: { simclr: { epoch: 1 } } } } },
      '"epoch" in row "simclr" at smoke, did you mean "epochs"',
    ],
    [{ columns: { wide: { batchh: 16 } } }, '"batchh" in the column "wide", did you mean "batch"'],
    [{ measures: { knn: { ...knn, curv: true } } }, '"curv" in the measure "knn"'],
    [{ beside: [{ title: "t", row: [] }] }, '"row" in the grid "t", did you mean "rows"'],
    [{ checks: [{ ...small.checks[0], mean: [] }] }, '"mean" in a check, did you mean "means"'],
  ];
  for (const [change, message] of cases) assert.ok(said(change)?.startsWith(message), said(change));
});

Deno.test("strayField names a method, a measure and a probe that there is not, or that nothing implements", () => {
  const probe = (change: object) => ({
    measures: { knn: { ...knn, probe: { ...(knn as { probe: object }).probe, ...change } } },
  });
  assert.equal(
    said({ rows: { a: { method: "simclrr" } } }),
    'no method "simclrr" for the row "a", did you mean "simclr"',
  );
  assert.match(
    said({ measures: { a: { kind: "gian", of: "knn" } } })!,
    /no kind "gian" .*did you mean "gain"/,
  );
  assert.match(said(probe({ kind: "1-n" }))!, /no probe "1-n", did you mean "1-nn"/);
  assert.match(said(probe({ kind: "few-shot" }))!, /"few-shot", which is not implemented/);
  assert.match(said(probe({ T: -1 }))!, /the probe of "knn": T: /);
});
