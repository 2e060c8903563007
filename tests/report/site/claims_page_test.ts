import assert from "node:assert/strict";
import { claimsPage } from "../../../src/report/site/claims_page.ts";
import { realCorpus } from "../../claims/real_corpus.ts";
import { named, tagsOf } from "./page.ts";
import { HOSTILE, sampleContext } from "./sample.ts";
import type { Context } from "../../../src/report/site/context.ts";
import type { Source, Table } from "../../../src/claims/claim.ts";

const rowsOf = (context: Context, source: Source, table: Table) =>
  new Map(named(tagsOf(claimsPage(context, source, table)), "tr").map((t) => [t.attributes.id, t.text]));

Deno.test("claimsPage gives each claim a row with value, findings, quote and line", async () => {
  const context = await sampleContext();
  const [source] = context.corpus.sources;
  const rows = rowsOf(context, source!, source!.tables[0]!);
  const row = rows.get("ours/top1")!;
  assert.ok(row.includes("71.0 percent"));
  assert.ok(row.includes(HOSTILE));
  assert.ok(row.includes("Two published values for one cell"));
});

Deno.test("claimsPage says once what all claims share, and in a column what they do not", async () => {
  const context = await sampleContext();
  const [source] = context.corpus.sources;
  const tags = tagsOf(claimsPage(context, source!, source!.tables[0]!));
  const terms = named(tags, "dt").map((t) => t.text), texts = named(tags, "dd").map((t) => t.text);
  assert.equal(texts[terms.indexOf("protocol")], "encoder resnet18, epochs 200");
  assert.equal(texts[terms.indexOf("certainty")], "read on page");
  assert.equal(texts[terms.indexOf("read from")], "a paper at v1");
  assert.ok(!terms.includes("method"));
  assert.ok(named(tags, "th").some((t) => t.text === "method"));
});

Deno.test("claimsPage: quote, revision and certainty of every claim of the corpus are on its page", async () => {
  const context = { ...await sampleContext(), corpus: realCorpus(), findings: [], about: () => [] };
  for (const source of context.corpus.sources) {
    for (const table of source.tables) {
      const tags = tagsOf(claimsPage(context, source, table));
      const rows = new Map(named(tags, "tr").map((t) => [t.attributes.id, t.text]));
      const shared = named(tags, "dl").map((t) => t.text).join();
      for (const claim of source.claims.filter((c) => c.table === table.id)) {
        const row = rows.get(`${claim.row}/${claim.column}`);
        assert.ok(row?.includes(claim.quote), claim.id);
        for (const text of [claim.reference.revision, claim.reference.certainty.replaceAll("-", " ")]) {
          assert.ok(`${row} ${shared}`.includes(text), `${claim.id}: ${text}`);
        }
      }
    }
  }
});
