import assert from "node:assert/strict";
import { loadExperiment } from "../../../src/repro/experiment_files.ts";
import { requireSound } from "../../../src/repro/table/sound.ts";
import {
  beats,
  gain,
  own,
  pixels,
  ratio,
  sentence,
  type Table,
  train,
} from "../../../src/repro/table/vocabulary.ts";
import { small, smoke } from "./small_table.ts";

const refused = (change: Partial<Table>, message: RegExp) =>
  assert.throws(() => requireSound({ ...small, ...change }), message);

Deno.test("requireSound takes tables whose names are all their own", async () => {
  requireSound(small);
  for (const id of ["sdiet/table5", "sdiet/table6", "sdiet/ablation"]) {
    requireSound((await loadExperiment(id)).table!);
  }
});

Deno.test("requireSound refuses a row that the table has not, wherever it is named, with the nearest", () => {
  refused(
    { checks: [own("q", "?", beats("simclr", "sdiett", "knn"))] },
    /the check "q" .*found "sdiett", did you mean "sdiet"/,
  );
  refused(
    { checks: [sentence("sdiet:matches-ssl", { sdiet: "sdiet-twice" })] },
    /the sentence sdiet:matches-ssl .*"sdiet-twice"/,
  );
  refused({ beside: [{ title: "t", rows: ["warm"], measures: ["knn"] }] }, /a grid beside it names .*"warm"/);
  refused({ beside: [{ title: "t", differences: [["cold", "warm"]], measures: ["knn"] }] }, /"warm"/);
  refused({ scales: { smoke: { ...smoke, rows: { byol: {} } } } }, /a scale names .*"byol"/);
  refused({ measures: { ...small.measures, r: ratio("knn", "byol", "to BYOL") } }, /a ratio names .*"byol"/);
});

Deno.test("requireSound refuses a measure that the table has not, wherever it is named", () => {
  refused(
    { checks: [own("q", "?", beats("simclr", "sdiet", "knm"))] },
    /the check "q" .*found "knm", did you mean "knn"/,
  );
  refused({ hidden: ["bytes"] }, /`hidden` names .*"bytes"/);
  refused({ rows: { ...small.rows, more: pixels("linear") } }, /a row of pixels names .*"linear"/);
  refused({ measures: { ...small.measures, g: gain("linear") } }, /a gain or ratio names .*"linear"/);
  refused(
    { beside: [{ title: "t", rows: ["cold"], measures: ["linear"] }] },
    /a grid beside it names .*"linear"/,
  );
});

Deno.test("requireSound refuses a teacher that is no trained row, or that learns from its own student", () => {
  const taught = (row: string) => train("simclr", { teacher: { row } });
  const { rows } = small;
  requireSound({ ...small, rows: { ...rows, student: taught("sdiet") } });
  refused(
    { rows: { ...rows, student: taught("untrained") } },
    /a teacher names must be one of .*found "untrained"/,
  );
  refused(
    { rows: { ...rows, one: taught("two"), two: taught("one") } },
    /its own teacher.*found one, two, one/,
  );
  const bySetting = { smoke: { ...smoke, all: { ...smoke.all, teacher: { row: "sdiet" } } } };
  refused({ scales: bySetting }, /found simclr, sdiet, sdiet/);
});

Deno.test("requireSound names a field that a table lacks", () => {
  refused({ measures: undefined! }, /it must have id, .*found no measures/);
});

Deno.test("requireSound refuses an ordering of what has no outcome a seed, and a column that the table has not", () => {
  refused(
    { checks: [own("q", "?", beats("simclr", "sdiet", "measured"))] },
    /measure of one outcome a seed that the check "q" names must be one of knn, gain, found "measured"/,
  );
  const asked = { checks: [own("q", "?", beats("simclr", "sdiet", "knn", "cifar"))] };
  refused(asked, /every column that the check "q" names .*found "cifar"/);
  requireSound({ ...small, ...asked, columns: { cifar: {} } });
});
