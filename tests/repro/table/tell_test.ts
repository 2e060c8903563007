import assert from "node:assert/strict";
import { resultSchema } from "../../../src/report/result.ts";
import { settingsFor } from "../../../src/repro/table/choose.ts";
import { byHash, tell } from "../../../src/repro/table/tell.ts";
import { logOf, plain, small, tellingOf } from "./small_table.ts";

const settings = settingsFor(small, plain);
const { runs: asked } = await tellingOf(small);
const runs = asked.map((run) => logOf(run));

Deno.test("tell makes a whole result from settings and logs, and the same of them in any order", async () => {
  const result = await tell(small, { settings, adapter: "one", runs });
  assert.deepEqual(resultSchema.parse(JSON.parse(JSON.stringify(result))), result);
  assert.deepEqual([result.table, result.dataset, result.adapter], [small.id, "shapes", "one"]);
  assert.deepEqual(result.settings, settings);
  assert.deepEqual(await tell(small, { settings, adapter: "one", runs: runs.toReversed() }), result);
  assert.deepEqual(resultSchema.parse(await tell(small, { settings, runs: [] })).adapter, undefined);
});

Deno.test("tell leaves out runs of other specifications, and says how many have not been made", async () => {
  const others = (await tellingOf(small, undefined, { epochs: 1 })).runs.map((run) =>
    logOf(run, {
      answer: () => ({ top1: 99 }),
    })
  );
  const result = await tell(small, { settings, runs: [...others, ...runs.slice(1)] });
  const [row] = result.grids[0]!.rows;
  assert.deepEqual(row!.cells["knn"], { values: [50] }, "the seed that is there, and no other epochs");
  assert.ok(result.notes.some((note) => note.startsWith(`1 of ${runs.length} runs have not been made`)));
  const whole = await tell(small, { settings, runs });
  assert.ok(!whole.notes.some((note) => /have not been made/.test(note)));
});

Deno.test("tell puts in what rows are about, and notes of the scale", async () => {
  const table = {
    ...small,
    notes: ["always", { scale: "smoke" as const, note: "here" }, { scale: "paper" as const, note: "there" }],
  };
  const { notes } = await tell(table, { settings, runs });
  assert.ok(notes.includes("SimCLR, cold: a low temperature"));
  assert.ok(notes.includes("always") && notes.includes("here") && !notes.includes("there"));
});

Deno.test("byHash keeps completed runs by the hash of their specification", async () => {
  const cut = { ...runs[1]!, events: runs[1]!.events.slice(0, -1) };
  const found = await byHash([runs[0]!, cut]);
  assert.deepEqual([...found], [[asked[0]!.hash, runs[0]]]);
});
