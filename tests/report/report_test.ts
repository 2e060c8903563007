import assert from "node:assert/strict";
import { documentOf, estimate, interfaceJson, reportFiles } from "../../src/report/report.ts";
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

Deno.test("the Markdown page shows accuracies with intervals, claims with their inequality, and times apart", async () => {
  const page = (await reportFiles(smallResult)).get("report.md")!;
  // t quantile 4.303 of 2 degrees of freedom, sd 2: 4.303 * 2 / sqrt(3) = 4.97
  assert.match(page, /42\.0 ± 5\.0 \(3\)/);
  assert.match(page, /`paper:claim` \| EXCEEDS +\| 2 > 1/);
  assert.match(page, /1,234/);
  const [before, times] = page.split("## Times");
  assert.match(times!, /12\.3/);
  assert.match(times!, /9\.5/);
  assert.ok(!before!.includes("12.3") && !before!.includes("9.5"), "a time stands outside its section");
});

Deno.test("estimate prints mean, half width and number of seeds; one seed has no interval", () => {
  assert.equal(estimate([40]), "40.0 (1)");
  assert.equal(estimate([40, 42, 44]), "42.0 ± 5.0 (3)");
});

Deno.test("documentOf leaves out what a table does not have", () => {
  const doc = documentOf({ ...smallResult, rows: [{ method: "one", values: { a: 1 } }], tables: [] });
  assert.deepEqual(doc.sections.map((s) => s.heading), ["Results"]);
  assert.deepEqual(doc.sections[0]!.grid!.head, ["method", "a"]);
  assert.equal(doc.times, undefined);
});

Deno.test("interfaceJson has the documented fields, and none that does not apply", () => {
  assert.deepEqual(interfaceJson(smallResult), {
    table: "paper/table1",
    scale: "smoke",
    dataset: "shapes",
    adapter: "adapter one",
    rows: [
      {
        method: "one",
        planned: smallResult.rows[0]!.planned,
        measured: smallResult.rows[0]!.measured,
        accuracy: smallResult.rows[0]!.accuracy,
      },
      { method: "two" },
    ],
    claims: [{ id: "paper:claim", verdict: "EXCEEDS", inequality: "2 > 1" }],
  });
});

Deno.test("regenerate refuses a table that does not exist", async () => {
  const settings = { scale: "smoke", methods: [], seeds: [0] } as const;
  await assert.rejects(regenerate("nobody/table0", { settings, runs: [] }));
});
