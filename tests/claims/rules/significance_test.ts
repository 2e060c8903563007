import assert from "node:assert/strict";
import { rankSeparation } from "../../../src/claims/rules/significance.ts";
import { demoCorpus, realCorpus } from "../real_corpus.ts";

Deno.test("rankSeparation recomputes ranks, Friedman and Nemenyi on CompRess Table 1", () => {
  const found = rankSeparation.check(realCorpus()).find((f) => f.sources[0] === "compress")!;
  assert.match(found.arithmetic.join("\n"), /mean ranks: ours-1q 1\.00, ours-2q 2\.00, reg-bn 3\.67/);
  // q(0.05, 6) = 2.850 (Demsar 2006, table 5); 2.850 sqrt(6 x 7 / (6 x 3)) = 4.35.
  assert.match(found.arithmetic[3]!, /= 4\.35/);
});

Deno.test("rankSeparation is silent when enough columns agree on a leader", () => {
  const columns = Array.from({ length: 12 }, (_, i) => `{ id: c${i} }`).join(", ");
  const row = (id: string, base: number) =>
    `      - { id: ${id}, cells: [${Array.from({ length: 12 }, (_, i) => base + i).join(", ")}] }`;
  const corpus = demoCorpus(`tables:
  - id: t
    title: T
    reference: paper
    metric: top1
    unit: percent
    ranking: true
    blocks: [${Array.from({ length: 12 }, (_, i) => `c${i}`).join(", ")}]
    columns: [${columns}]
    rows:
${row("a", 80)}
${row("b", 60)}
`);
  assert.deepEqual(rankSeparation.check(corpus), []);
});
