import assert from "node:assert/strict";
import { interfaceJson, reportFiles } from "../../src/report/report.ts";
import { regenerate } from "../../src/repro/reproduce.ts";
import { smallResult } from "./small_result.ts";

Deno.test("reportFiles gives result, pages and plots, and the same bytes for the same result", async () => {
  const files = await reportFiles(smallResult);
  assert.deepEqual([...files.keys()].sort(), [
    "plots/bars.svg",
    "plots/bars.vl.json",
    "plots/curves.svg",
    "plots/curves.vl.json",
    "report.html",
    "report.md",
    "run.json",
  ]);
  assert.deepEqual(JSON.parse(files.get("run.json")!), smallResult);
  assert.deepEqual([...await reportFiles(JSON.parse(files.get("run.json")!))], [...files]);
});

Deno.test("interfaceJson has the documented fields, and none that does not apply", () => {
  const { notes: _notes, plots: _plots, ...rest } = smallResult;
  assert.deepEqual(interfaceJson(smallResult), rest);
  assert.deepEqual(Object.keys(interfaceJson(smallResult) as object), [
    ...["format", "table", "title", "scale", "dataset", "adapter"],
    ...["headline", "grids", "claims", "checks", "protocol"],
  ]);
});

Deno.test("regenerate refuses a table that does not exist", async () => {
  const settings = { scale: "smoke", rows: [], seeds: [0] } as const;
  await assert.rejects(regenerate("nobody/table0", { settings, runs: [] }));
});
