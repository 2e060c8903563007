import assert from "node:assert/strict";
import fc from "fast-check";
import { AssayError } from "../../src/base/error.ts";
import { loadCorpus, matcher, readDatasets, readSource, select } from "../../src/claims/corpus.ts";
import { demoCorpus, editedCorpus, realCorpus, sourceNames, text } from "./real_corpus.ts";

const corpus = realCorpus();

Deno.test("the committed corpus holds the five papers and the six libraries with hundreds of claims", () => {
  for (
    const id of [
      "sdiet",
      "caowu",
      "loco",
      "compress",
      "gessl",
      "solo-learn",
      "lightly",
      "moco",
      "simclr",
      "vissl",
      "mmselfsup",
    ]
  ) {
    assert.ok(sourceNames.includes(`${id}.yaml`), id);
  }
  assert.ok(corpus.claims.length >= 250, `${corpus.claims.length} claims`);
});

Deno.test("every claim of the committed corpus says where it was read, at which revision and how surely", () => {
  for (const c of corpus.claims) {
    assert.ok(c.reference.where.length > 0 && c.reference.revision.length > 0, c.id);
    assert.ok(c.quote.length > 0, c.id);
    assert.ok(Number.isFinite(c.value), c.id);
    assert.ok(c.at.line > 1, c.id);
  }
});

Deno.test("claim ids of the committed corpus are unique", () => {
  assert.equal(new Set(corpus.claims.map((c) => c.id)).size, corpus.claims.length);
});

Deno.test("cells of the large tables are transcribed where they belong", () => {
  const value = (id: string) => corpus.claims.find((c) => c.id === id)?.value;
  // Corners and a middle cell of each table, read again from the sources.
  assert.equal(value("compress:table1/cc/alexnet-linear"), 46.4);
  assert.equal(value("compress:table1/ours-1q/r50-ca"), 41.4);
  assert.equal(value("compress:table1/reg-bn/mobilenet-nn"), 48.7);
  assert.equal(value("compress:table2-alexnet/rfdecouple/places"), 38.6);
  assert.equal(value("compress:table2-r50/swav/imagenet"), 75.3);
  assert.equal(value("compress:table3/sela+rot/det"), 59.2);
  assert.equal(value("lightly:cifar/fastsiam/b512-e200-acc"), 0.788);
  assert.equal(value("lightly:cifar/smog/b512-e800-memory"), 3.2);
  assert.equal(value("lightly:imagenet/vicreg/knn-top5"), 75.2);
  assert.equal(value("solo-learn:cifar/w-mse/c100"), 61.33);
  assert.equal(value("solo-learn:imagenet100/simsiam/offline"), 78.72);
});

Deno.test("select follows patterns inside a source and across sources", () => {
  assert.equal(select(corpus, "moco", ["results/*/top1"]).length, 2);
  assert.equal(select(corpus, "loco", ["moco:results/moco-v2/top1"])[0]!.value, 67.5);
  assert.equal(select(corpus, "moco", ["results/moco.v2/top1"]).length, 0, "a dot is a dot");
});

Deno.test("loadCorpus reads a folder and gives what the texts give", async () => {
  const loaded = await loadCorpus(new URL("../../claims/", import.meta.url));
  assert.deepEqual(loaded.claims.map((c) => c.id), corpus.claims.map((c) => c.id));
});

Deno.test("assemble refuses a statement whose pattern matches no cell", () => {
  assert.throws(
    () => editedCorpus("loco", 'winners: ["table5/sharing/top1"]', 'winners: ["table5/sharig/top1"]'),
    /loco\.yaml:\d+:\d+: statement "sharing-gain".*"table5\/sharig\/top1", which matches none; did you mean "table5\/sharing\/top1"/,
  );
});

Deno.test("readSource refuses an unknown form of assertion with its place", () => {
  assert.throws(
    () =>
      demoCorpus(`statements:
  - id: s
    quote: "words"
    reference: paper
    asserts: { form: bset, cells: ["*"] }
`),
    /demo\.yaml:10:22/,
  );
});

Deno.test("readSource answers any single broken character with an AssayError that has line and column", () => {
  const sizes = readDatasets(text("datasets.yaml"));
  const { file, text: original } = text("moco.yaml");
  fc.assert(
    fc.property(
      fc.nat({ max: original.length - 1 }),
      fc.constantFrom("", "{", "}", ":", "x", "7", "\n", '"', "- ", "#"),
      (at, put) => {
        try {
          readSource({ file, text: original.slice(0, at) + put + original.slice(at + 1) }, sizes);
        } catch (e) {
          assert.ok(e instanceof AssayError, String(e));
          assert.match(e.message, /claims\/moco\.yaml:\d+:\d+/);
        }
      },
    ),
    { seed: 7, numRuns: 300 },
  );
});

Deno.test("matcher takes * for any characters, and dots and brackets as they are", () => {
  const matches = (pattern: string, id: string) => matcher("demo", [pattern])(id);
  assert.ok(matches("t1/ours/top1", "demo:t1/ours/top1"));
  assert.ok(!matches("t1/ours/top1", "other:t1/ours/top1"));
  assert.ok(matches("other:t1/*", "other:t1/ours/top1"));
  assert.ok(matches("t1/*/top1", "demo:t1/a/b/top1"));
  assert.ok(!matches("t1/*1/*1", "demo:t1/1"), "the parts do not overlap");
  assert.ok(!matches("t.1/*", "demo:tx1/a") && matches("t.1/*", "demo:t.1/a"));
  assert.ok(matches("*", "demo:") && matches("t1/**", "demo:t1/x"));
});

Deno.test("matcher answers patterns of many stars at once", () => {
  const began = performance.now();
  assert.ok(!matcher("demo", [`${"*a".repeat(40)}b`])(`demo:${"a".repeat(5000)}`));
  assert.ok(
    performance.now() - began < 1000,
    "one pass over 5000 characters, which takes well under a millisecond",
  );
});
