import assert from "node:assert/strict";
import {
  findingAbout,
  matches,
  places,
  rules,
  statedText,
  statements,
} from "../../../src/claims/rules/statement.ts";
import { realCorpus } from "../real_corpus.ts";

const corpus = realCorpus();

Deno.test("matches reads about, at least and at most with the computed number's own error", () => {
  const stated = (bound: "about" | "at-least" | "at-most") => ({ stated: 4, decimals: 0, bound });
  assert.ok(matches(stated("about"), 4.4, 0) && !matches(stated("about"), 4.6, 0));
  assert.ok(matches(stated("at-least"), 3.96, 0.05) && !matches(stated("at-least"), 3.9, 0.05));
  assert.ok(matches(stated("at-most"), 4.04, 0.05) && !matches(stated("at-most"), 4.1, 0.05));
});

Deno.test("statedText prints the bound", () => {
  assert.equal(statedText({ stated: 35.1, decimals: 1, bound: "at-most" }), "at most 35.1");
  assert.equal(statedText({ stated: 4, decimals: 0, bound: "about" }), "4");
});

Deno.test("statements visits the statements of one form and findingAbout quotes them as theirs or as ours", () => {
  const seen: string[] = [];
  statements(corpus, "unpublished", (a, s) => {
    seen.push(s.id);
    assert.ok(a.needs.length > 0);
    return [];
  });
  assert.ok(seen.includes("half-memory") && !seen.includes("same-memory"));
  const outcome = {
    rule: rules.undecidable,
    severity: "note" as const,
    verdict: "is open",
    arithmetic: [],
    claims: [],
  };
  const [quoted, ours] = ["same-memory", "half-memory"].map((id) =>
    corpus.sources.flatMap((s) => s.statements).find((s) => s.id === id)!
  );
  assert.match(findingAbout(quoted!, outcome).message, /^lightly\/same-memory is open\. Stated: "Memory/);
  assert.match(findingAbout(ours!, outcome).message, /^sdiet\/half-memory is open\. In our words: S-DIET/);
});

Deno.test("places is the most decimals of any cell", () => {
  assert.equal(places(...corpus.claims.filter((c) => c.source === "vissl")), 2);
});

Deno.test("findingAbout caps words that had to be read in one way at a warning, and names the reading", () => {
  const s = corpus.sources.flatMap((x) => x.statements).find((x) => x.id === "voc-on-par")!;
  const outcome = {
    rule: rules.contradicted,
    severity: "error" as const,
    verdict: "fails",
    arithmetic: ["a"],
    claims: [],
  };
  const finding = findingAbout(s, outcome);
  assert.equal(finding.severity, "warning");
  assert.match(finding.arithmetic[1]!, /our reading: on par means/);
});

Deno.test("findingAbout names the revisions when words and cells come from different ones", () => {
  const s = corpus.sources.flatMap((x) => x.statements).find((x) => x.id === "beats-sota-r50")!;
  const claims = corpus.claims.filter((c) => c.id === "compress:table2-r50/swav/imagenet");
  const outcome = {
    rule: rules.contradicted,
    severity: "error" as const,
    verdict: "fails",
    arithmetic: [],
    claims,
  };
  assert.deepEqual(findingAbout(s, outcome).arithmetic, ["words at 243177f, cells at c5e57ed"]);
});
