import assert from "node:assert/strict";
import { claimValue, sourcePage, words } from "../../../src/report/site/source_page.ts";
import { named, tagsOf } from "./page.ts";
import { sampleContext } from "./sample.ts";

Deno.test("sourcePage prints the published grid; cells that a finding names lead to their claim", async () => {
  const context = await sampleContext();
  const tags = tagsOf(sourcePage(context, context.corpus.sources[0]!));
  const cells = named(tags, "td").filter((t) => /^7\d\.\d$|^$/.test(t.text)).map((t) => t.text);
  assert.deepEqual(cells, ["71.0", "72.5", "75.0", ""]);
  const link = named(tags, "a").find((a) => a.text === "71.0")!;
  assert.equal(link.attributes.href, "../claims/demo/t1.html#ours/top1");
  assert.match(link.attributes.title!, /^\d findings$/);
});

Deno.test("sourcePage shows where tables and statements were read, at which revision and how surely", async () => {
  const context = await sampleContext();
  const tags = tagsOf(sourcePage(context, context.corpus.sources[0]!));
  assert.match(
    named(tags, "caption")[0]!.text,
    /2 claims in percent, read from a paper at v1 \(read on page\)/,
  );
  const statement = tags.find((t) => t.attributes.id === "statement-we-win")!;
  assert.equal(statement.text, "we win");
  assert.ok(
    named(tags, "p").some((t) =>
      /^Quoted from a paper at v1 \(read on page\); checked as best;/.test(t.text)
    ),
  );
});

Deno.test("claimValue prints a number as published, with bound, spread and unit", async () => {
  const claim = (await sampleContext()).claim("demo:t1/ours/top1")!;
  assert.equal(claimValue(claim, false), "71.0");
  const full = {
    ...claim,
    bound: "at-most" as const,
    spread: { value: 0.3, decimals: 2, kind: "sd" as const },
  };
  assert.equal(claimValue(full, true), "<= 71.0 ± 0.30 percent");
  assert.equal(words("read-off-plot"), "read off plot");
});
