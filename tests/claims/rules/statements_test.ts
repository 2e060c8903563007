import assert from "node:assert/strict";
import { statementRules } from "../../../src/claims/rules/statements.ts";
import type { Corpus } from "../../../src/claims/corpus.ts";
import { editedCorpus, realCorpus } from "../real_corpus.ts";

const check = (c: Corpus) => statementRules.flatMap((r) => r.check(c));
const about = (c: Corpus, statement: string) => check(c).filter((f) => f.message.startsWith(`${statement} `));
const corpus = realCorpus();

/** Each real finding, and an edit of the corpus after which the words are true. */
const real: [statement: string, rule: string, source: string, from: string, to: string][] = [
  [
    "lightly/imagenette-hours",
    "statement/contradicted",
    "lightly",
    "low: 180, high: 300",
    "low: 170, high: 520",
  ],
  [
    "lightly/same-memory",
    "statement/contradicted",
    "lightly",
    '["cifar/*/*-memory"], within: 0.25',
    '["cifar/*/*-memory"], within: 2',
  ],
  [
    "lightly/imagenette-encoder",
    "statement/contradicted",
    "lightly",
    '["imagenette/*/acc"], field: encoder',
    '["imagenette/*/acc"], field: batch',
  ],
  ["solo-learn/dali-nnclr-faster", "statement/contradicted", "solo-learn", "stated: -64", "stated: -57"],
  ["compress/nine-points-nn", "statement/contradicted", "compress", "stated: 9 ", "stated: 11 "],
  [
    "compress/voc-on-par",
    "statement/contradicted",
    "compress",
    "cells: [{ value: 76.2,",
    "cells: [{ value: 79.2,",
  ],
  [
    "gessl/average-gain",
    "statement/unsupported",
    "gessl",
    "bound: exact, cells: [5.4]",
    "bound: exact, cells: [7.4]",
  ],
  ["loco/closes-the-gap", "statement/unequal-protocol", "loco", "cells: [66.2]", "cells: [67.3]"],
];
for (const [statement, rule, source, from, to] of real) {
  Deno.test(`${statement} is reported, and at most noted once the corpus says otherwise`, () => {
    assert.deepEqual(about(corpus, statement).map((f) => f.rule), [rule]);
    assert.deepEqual(
      about(editedCorpus(source, from, to), statement).filter((f) => f.severity !== "note"),
      [],
    );
  });
}

Deno.test("lightly's larger batches lower most rows; longer training raises all, so only the first is reported", () => {
  assert.match(about(corpus, "lightly/larger-batch-helps")[0]!.message, /fails in 9 of 12 rows/);
  assert.deepEqual(about(corpus, "lightly/longer-training-helps"), []);
});

Deno.test("a comparison over unequal protocols is recomputed with the equal cell (LoCo)", () => {
  const found = about(corpus, "loco/closes-the-gap")[0]!;
  assert.match(found.arithmetic[0]!, /66\.2 - .* = 65\.7 = \+0\.5/);
  assert.match(found.arithmetic[1]!, /66\.2 - .* = 67\.1 = -0\.9/);
});

Deno.test("stated differences that the cells give are not reported", () => {
  for (const statement of ["loco/extra-layers-cost", "gessl/lifts-barlow", "solo-learn/dali-byol-faster"]) {
    assert.deepEqual(about(corpus, statement), [], statement);
  }
});

Deno.test("a difference is judged for every cell it speaks of", () => {
  assert.equal(about(corpus, "compress/one-point-below-teacher").length, 0);
  assert.equal(about(corpus, "compress/voc-on-par")[0]!.severity, "warning");
  const both = editedCorpus("compress", "cells: [{ value: 79.7,", "cells: [{ value: 77.7,");
  assert.equal(
    about(both, "compress/voc-on-par")[0]!.claims.length,
    3,
    "both variants and the supervised model",
  );
});

Deno.test("words without published numbers are recorded as undecidable with what they need", () => {
  const found = about(corpus, "sdiet/half-memory");
  assert.equal(found[0]!.rule, "statement/undecidable");
  assert.match(found[0]!.arithmetic[0]!, /Table 6/);
});
