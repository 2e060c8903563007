import assert from "node:assert/strict";
import { experimentOf } from "../../src/repro/experiment.ts";
import { planned, program } from "../../src/repro/table/vocabulary.ts";
import { small, smoke } from "./table/small_table.ts";

Deno.test("experimentOf asks for an adapter where a measure needs runs", () => {
  assert.equal(experimentOf(small).needsAdapter, true);
  const byPlan = { ...small, checks: [], rows: { simclr: small.rows.simclr! } };
  assert.equal(experimentOf({ ...byPlan, measures: { planned: planned() } }).needsAdapter, false);
  assert.equal(experimentOf({ ...byPlan, measures: { program } }).needsAdapter, true);
});

Deno.test("experimentOf takes epochs unless the table counts steps", () => {
  assert.ok(experimentOf(small).takes.includes("epochs"));
  const counted = { ...small, scales: { smoke: { ...smoke, all: { ...smoke.all, steps: 3 } } } };
  assert.deepEqual(experimentOf(counted).takes, ["dataset", "rows", "methods", "seeds"]);
});

Deno.test("experimentOf refuses a table that names a row it has not", () => {
  assert.throws(() => experimentOf({ ...small, hidden: ["none"] }), /Cannot use the table "tests\/small"/);
});
