import assert from "node:assert/strict";
import { allRules, auditSource, findAll, ruleTitles } from "../../src/claims/audit.ts";
import { demoCorpus, editedCorpus, realCorpus } from "./real_corpus.ts";

const corpus = realCorpus();
const findings = findAll(corpus);

/** A table that is as it should be: attainable values, runs that give mean and spread, clear gaps, true words. */
const clean = `n: 3
protocol: { encoder: resnet18, epochs: 200, batch: 256, selection: last }
tables:
  - id: main
    title: "Table 1"
    reference: paper
    dataset: big
    metric: top1
    unit: percent
    ranking: true
    columns:
      - { id: linear, protocol: { probe: linear } }
      - { id: knn, protocol: { probe: knn, k: 20 } }
    rows:
      - { id: ours, role: proposed, cells: [{ value: 92.0, spread: { value: 0.2, kind: sample-sd }, runs: [91.8, 92.0, 92.2] }, 89.0] }
      - { id: base, role: baseline, cells: [{ value: 88.0, spread: { value: 0.2, kind: sample-sd }, runs: [87.8, 88.0, 88.2] }, 85.0] }
      - { id: plain, cells: [80.0, 77.0] }
  - id: longer
    title: "Table 2"
    reference: paper
    dataset: big
    metric: top1
    unit: percent
    protocol: { probe: linear }
    columns: [{ id: linear }]
    rows:
      - { id: ours-400, method: ours, protocol: { epochs: 400 }, cells: [93.0] }
      - { id: ours-800, method: ours, protocol: { epochs: 800 }, cells: [93.5] }
  - id: memory
    title: "Table 3"
    reference: paper
    metric: peak-memory
    unit: gigabytes
    columns: [{ id: gb }]
    rows:
      - { id: ours, cells: [4.0] }
      - { id: base, cells: [8.0] }
statements:
  - id: best
    quote: "the best of all methods"
    reference: paper
    asserts: { form: best, winners: ["main/ours/*"], among: ["main/*/*"], margin: sampling }
  - id: half
    quote: "half the memory"
    reference: paper
    asserts: { form: ratio, of: ["memory/ours/gb"], over: ["memory/base/gb"], stated: 0.5, decimals: 1 }
  - id: four-points
    quote: "4 points better"
    reference: paper
    asserts: { form: difference, of: ["main/ours/*"], over: ["main/base/*"], stated: 4 }
  - id: losses
    quote: "squaring the target changes the loss"
    reference: paper
    asserts: { form: distinct-losses, left: { loss: kl, target: through }, right: { loss: cross-entropy, target: through } }
`;

Deno.test("findAll finds nothing in a clean table (control)", () => {
  assert.deepEqual(findAll(demoCorpus(clean)).map((f) => f.message), []);
});

const spoiled: [what: string, rule: string, from: string, to: string][] = [
  ["a mean its runs do not give", "runs/mean", "value: 92.0, spread", "value: 92.3, spread"],
  [
    "a spread of another kind",
    "runs/spread-kind",
    "value: 0.2, kind: sample-sd }, runs: [91.8",
    "value: 0.4, kind: sample-sd }, runs: [91.8",
  ],
  ["a longer run that is lower", "ordering/not-monotone", "cells: [93.5]", "cells: [91.5]"],
  [
    "a baseline that wins",
    "statement/contradicted",
    "87.8, 88.0, 88.2] }, 85.0]",
    "87.8, 88.0, 88.2] }, 89.5]",
  ],
  [
    "two values of one memory",
    "cells/two-values",
    "      - { id: base, cells: [8.0] }",
    "      - { id: base, cells: [8.0] }\n      - { id: again, method: base, cells: [7.0] }",
  ],
  ["more memory than half", "statement/contradicted", "cells: [4.0]", "cells: [6.0]"],
  [
    "a row with another batch that leads",
    "comparison/unequal-protocol",
    "id: ours, role: proposed, cells: [{",
    "id: ours, role: proposed, protocol: { batch: 512 }, cells: [{",
  ],
  ["a value no count gives", "granularity/test-set", "[80.0, 77.0]", "[80.0, { value: 77.0033, n: 1 }]"],
  ["the best epoch", "comparison/best-epoch", "selection: last", "selection: best"],
];
for (const [what, rule, from, to] of spoiled) {
  Deno.test(`findAll finds ${what} put into the clean table`, () => {
    assert.equal(clean.split(from).length, 2, `"${from}" must occur once`);
    const rules = findAll(demoCorpus(clean.replace(from, () => to))).map((f) => f.rule);
    assert.ok(rules.includes(rule), rules.join(", "));
  });
}

Deno.test("every source that must be auditable has findings", () => {
  for (
    const id of [
      "compress",
      "loco",
      "gessl",
      "caowu",
      "sdiet",
      "moco",
      "lightly",
      "vissl",
      "mmselfsup",
      "solo-learn",
    ]
  ) {
    const source = corpus.sources.find((s) => s.id === id)!;
    assert.ok(auditSource(corpus, source, findings).findings.length > 0, id);
  }
});

Deno.test("every finding names a described rule, states its arithmetic and points into a claims file", () => {
  for (const f of findings) {
    assert.ok(ruleTitles.has(f.rule), f.rule);
    assert.ok(f.arithmetic.length > 0, f.message);
    assert.match(f.at.file, /^claims\/[a-z-]+\.yaml$/);
    assert.ok(f.at.line > 1 && f.at.column >= 1);
    assert.ok(f.claims.every((c) => corpus.claims.includes(c)));
  }
});

Deno.test("rule ids are unique", () => {
  assert.equal(new Set(allRules.map((r) => r.id)).size, allRules.length);
});

Deno.test("findAll is the same twice and ordered by severity", () => {
  assert.deepEqual(findAll(realCorpus()).map((f) => f.message), findings.map((f) => f.message));
  const order = findings.map((f) => ["error", "warning", "note"].indexOf(f.severity));
  assert.deepEqual(order, [...order].sort());
});

Deno.test("papers carry the doubts that only a run can settle", () => {
  const doubts = (id: string) => corpus.sources.find((s) => s.id === id)!.doubts.map((d) => d.id);
  assert.equal(doubts("sdiet").length, 15);
  assert.deepEqual([
    doubts("gessl")[0],
    doubts("compress").at(-1),
    doubts("loco").length,
    doubts("caowu").length,
  ], [
    "G1",
    "C13",
    14,
    15,
  ]);
});

Deno.test("numbers in messages come from the corpus", () => {
  const edited = findAll(
    editedCorpus("moco", "[67.7, 67.6, 67.4, 67.6, 67.3]", "[67.7, 67.6, 67.4, 67.6, 67.2]"),
  );
  const text = edited.filter((f) => f.rule.startsWith("runs/")).flatMap((f) => f.arithmetic).join("\n");
  assert.match(text, /67\.2\}: mean 67\.50, sample sd 0\.200/);
});
