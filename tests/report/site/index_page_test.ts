import assert from "node:assert/strict";
import { indexPage, verdictCounts } from "../../../src/report/site/index_page.ts";
import { named, tagsOf } from "./page.ts";
import { sampleContext } from "./sample.ts";

Deno.test("indexPage counts verdicts by table and findings by source", async () => {
  const context = await sampleContext();
  const rows = named(tagsOf(indexPage(context)), "tr").map((t) => t.text);
  assert.ok(rows.some((r) => /demo\/t1BELOW 2 REPRODUCED 1 .*smokebig/.test(r)), rows.join("\n"));
  const n = (s: string) => context.findings.filter((f) => f.severity === s).length;
  assert.ok(rows.includes(`demo${n("error")}${n("warning")}${n("note")}31Demonstration`), rows.join("\n"));
});

Deno.test("verdictCounts keeps the order of the claims", async () => {
  const [result] = (await sampleContext()).results;
  assert.deepEqual(verdictCounts(result!), [["BELOW", 2], ["REPRODUCED", 1]]);
});

Deno.test("indexPage says how to begin where nothing was reproduced", async () => {
  const page = indexPage({ ...await sampleContext(), results: [], runs: [] });
  assert.match(page, /None is recorded here yet\. <code>\.\/run repro table6<\/code>/);
});
