import assert from "node:assert/strict";
import { auditSource } from "../../../src/claims/audit.ts";
import {
  auditData,
  countSeverities,
  renderAudit,
  renderFindings,
  wrap,
} from "../../../src/claims/rules/render.ts";
import { realCorpus } from "../real_corpus.ts";

const corpus = realCorpus();
const audit = (id: string) => auditSource(corpus, corpus.sources.find((s) => s.id === id)!);
const style = { width: 100, colour: false, arithmeticLines: 8 };

Deno.test("wrap breaks at spaces and keeps the indent", () => {
  assert.equal(wrap("one two three", 9, "  "), "  one two\n  three");
  assert.equal(wrap("averyveryverylongword", 9, "  "), "  averyveryverylongword");
});

Deno.test("renderAudit shows title, references, counts, findings with place and arithmetic, and doubts", () => {
  const text = renderAudit(audit("loco"), style);
  assert.match(text, /LoCo: Local Contrastive/);
  assert.match(text, /read from\n {2}reviews: NeurIPS 2020 reviews/);
  assert.match(text, /Findings: 0 errors, 3 warnings, 0 notes\./);
  assert.match(text, /warning statement\/unequal-protocol {2}claims\/loco\.yaml:\d+:\d+/);
  assert.match(text, /= -0\.9/);
  assert.match(text, /Doubts that need a run \(14\)/);
});

Deno.test("renderAudit keeps lines within the width unless a word is longer", () => {
  for (const line of renderAudit(audit("gessl"), style).split("\n").slice(6)) {
    assert.ok(line.length <= 100, line);
  }
});

Deno.test("renderFindings cuts long arithmetic and says how much, and colours only when asked", () => {
  const { findings } = audit("lightly");
  const short = renderFindings(findings, style);
  assert.match(short, /and \d+ lines more \(--full shows all\)/);
  assert.doesNotMatch(renderFindings(findings, { ...style, arithmeticLines: Infinity }), /--full/);
  assert.ok(!short.includes("\x1b"));
  assert.ok(renderFindings(findings, { ...style, colour: true }).includes("\x1b[31m"));
});

Deno.test("countSeverities counts each kind", () => {
  assert.equal(countSeverities([]), "0 errors, 0 warnings, 0 notes");
});

Deno.test("auditData is plain JSON with cells, places and sources", () => {
  const data = JSON.parse(JSON.stringify(auditData(audit("moco"))));
  const spread = data.findings.find((f: { rule: string }) => f.rule === "runs/spread-kind");
  assert.equal(spread.claims[0].id, "moco:results/moco-v2/top1");
  assert.equal(spread.claims[0].source.revision, "132aea9");
  assert.equal(typeof spread.at.line, "number");
});
