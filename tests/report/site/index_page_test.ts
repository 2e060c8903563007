import assert from "node:assert/strict";
import { VERDICTS } from "../../../src/judge/judgement.ts";
import { indexPage, wordCounts } from "../../../src/report/site/index_page.ts";
import { markup } from "../../../src/report/site/html.ts";
import { named, tagsOf } from "./page.ts";
import { sampleContext } from "./sample.ts";

Deno.test("indexPage counts published claims and own checks apart, and findings by source", async () => {
  const context = await sampleContext();
  const rows = named(tagsOf(indexPage(context)), "tr").map((t) => t.text);
  assert.ok(
    rows.some((r) => /demo\/t1REPRODUCED 1 BELOW 1 NOT-COMPARABLE 1 holds 1 .*smokebig/.test(r)),
    rows.join("\n"),
  );
  assert.ok(rows.some((r) => r.includes("Ours is far below")), "what was found stands beside the title");
  const n = (s: string) => context.findings.filter((f) => f.severity === s).length;
  assert.ok(rows.includes(`demo${n("error")}${n("warning")}${n("note")}31Demonstration`), rows.join("\n"));
});

Deno.test("wordCounts keeps the order of the vocabulary and leaves out words that do not occur", () => {
  const text = markup`${wordCounts(VERDICTS, ["BELOW", "REPRODUCED", "BELOW"])}`.text;
  assert.equal(text.replace(/<[^>]*>/g, ""), "REPRODUCED 1 BELOW 2 ");
});

Deno.test("indexPage says how to begin where nothing was reproduced", async () => {
  const page = indexPage({ ...await sampleContext(), results: [], runs: [] });
  assert.match(page, /None is recorded here yet\. <code>\.\/run repro table6<\/code>/);
});
