import assert from "node:assert/strict";
import {
  findingAbout,
  matches,
  places,
  readingLine,
  rules,
  statedText,
  statements,
} from "../../../src/repro/findings/statement.ts";
import { realCorpus } from "../claims/real_corpus.ts";

const corpus = realCorpus();

Deno.test("matches reads about, at least and at most with the computed number's own error", () => {
  const stated = (bound: "about" | "at-least" | "at-most") => ({ stated: 4, decimals: 0, bound });
  assert.ok(matches(stated("about"), 4.4, 0) && !matches(stated("about"), 4.6, 0));
  assert.ok(matches(stated("at-least"), 3.96, 0.05) && !matches(stated("at-least"), 3.9, 0.05));
  assert.ok(matches(stated("at-most"), 4.04, 0.05) && !matches(stated("at-most"), 4.1, 0.05));
});

Deno.test("statedText and readingLine print the bound and our reading of words without a number", () => {
  assert.equal(statedText({ stated: 35.1, decimals: 1, bound: "at-most" }), "at most 35.1");
  assert.deepEqual(readingLine({ reading: "no more than 1 below" }), ["our reading: no more than 1 below"]);
  assert.deepEqual(readingLine({}), []);
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
