import assert from "node:assert/strict";
import { REDUCED_SCALE } from "../../src/judge/judgement.ts";
import { checkRemarks, claimGroups, claimRemarks, documentOf } from "../../src/report/document.ts";
import { BYTES, LEGEND } from "../../src/report/cells.ts";
import { smallResult } from "./small_result.ts";

const [claim] = smallResult.claims;
const [check] = smallResult.checks;

Deno.test("documentOf puts the headline first, then counts and what is not as published", () => {
  assert.deepEqual(documentOf(smallResult).headline, [
    "One is worse than published.",
    "1 published claim was judged: 1 EXCEEDS.",
    "1 own check: 1 holds.",
    "Not as published: `paper:claim`.",
  ]);
  const failing = { ...check!, outcome: "fails" as const };
  assert.deepEqual(
    documentOf({ ...smallResult, headline: [], claims: [], checks: new Array(8).fill(failing) }).headline.at(
      -1,
    ),
    "Own checks that fail: `own`, `own`, `own`, `own`, `own`, `own` and 2 more.",
  );
});

Deno.test("documentOf says with every grid that prints intervals which level and sides they have", () => {
  const [main, side] = documentOf(smallResult).sections;
  assert.deepEqual(main!.paragraphs, [LEGEND, BYTES]);
  assert.match(LEGEND, /two-sided 95 % t interval/);
  assert.deepEqual(side!.paragraphs, ["Why."]);
});

Deno.test("documentOf leaves out what a table does not have", () => {
  const doc = documentOf({ ...smallResult, grids: [], claims: [], checks: [] });
  assert.deepEqual([doc.sections, doc.claims.lines, doc.checks.lines, doc.times], [[], [], [], undefined]);
});

Deno.test("documentOf says what a reduced scale can show where a claim differs in scale, once", () => {
  const reduced = { ...smallResult, claims: [{ ...claim!, differs: ["scale"] }] };
  assert.ok(documentOf(reduced).claims.paragraphs.includes(REDUCED_SCALE));
  assert.ok(!documentOf(smallResult).claims.paragraphs.includes(REDUCED_SCALE));
  const noted = { ...reduced, notes: [REDUCED_SCALE] };
  assert.ok(!documentOf(noted).claims.paragraphs.includes(REDUCED_SCALE));
});

Deno.test("documentOf says over how many p-values were corrected", () => {
  const said = (n: number) =>
    documentOf({ ...smallResult, claims: new Array(n).fill(claim) }).claims.paragraphs.join(" ");
  assert.match(said(3), /corrected over the 3 tested claims/);
  assert.doesNotMatch(said(1), /corrected/);
});

Deno.test("claimGroups keeps the order of verdicts and folds many that say nothing", () => {
  const of = (verdict: "NOT-RUN" | "BELOW", n: number) => new Array(n).fill({ ...claim!, verdict });
  const groups = claimGroups([...of("NOT-RUN", 4), ...of("BELOW", 5)]);
  assert.deepEqual(groups.map((g) => [g.verdict, g.claims.length, g.folded]), [
    ["BELOW", 5, false],
    ["NOT-RUN", 4, true],
  ]);
});

Deno.test("claimRemarks name source, paraphrase, p before and after correction, and notes", () => {
  assert.deepEqual(claimRemarks(claim!), [
    "In this project's words, from A paper (https://example.org/paper).",
    "p = 0.0123, corrected 0.0246.",
    "A remark.",
  ]);
  const { p: _p, pCorrected: _c, notes: _n, ...bare } = claim!;
  assert.deepEqual(
    claimRemarks({
      ...bare,
      paraphrase: false,
      direction: "supports",
      differs: ["scale", "dataset"],
      notes: ["scale: other.", "kept"],
    }),
    [
      "From A paper (https://example.org/paper).",
      "At this reduced scale the runs support the direction.",
      "Differs in scale, dataset.",
      "kept",
    ],
  );
});

Deno.test("checkRemarks are empty for an exact check", () => {
  assert.deepEqual(checkRemarks(check!), []);
  assert.deepEqual(checkRemarks({ ...check!, p: 0.5, notes: ["why"] }), ["p = 0.5.", "why"]);
});
