import assert from "node:assert/strict";
import { judgeCells, judgeChecks, judgeClaims } from "../../src/judge/judge_claims.ts";
import { cellCases } from "../../src/judge/published_cell.ts";
import { demoCorpus } from "../claims/real_corpus.ts";
import { directionCase } from "./cases.ts";

const corpus = demoCorpus(`tables:
  - id: t1
    title: T
    reference: paper
    dataset: big
    metric: top1
    unit: percent
    columns: [{ id: a }, { id: b }]
    rows: [{ id: ours, role: proposed, cells: [70.0, 80.0] }]
`);
const cell = (column: string, values: readonly number[]) => ({
  ...{ unit: "percent", dataset: "big", scale: "paper", protocol: {}, row: "ours", column } as const,
  outcome: { values, seeds: values.map((_, i) => i), testSetSize: 10_000 },
});
const measured = { table: "demo:t1", cells: [cell("a", [70, 70.1, 70.2]), cell("b", [75, 75.2, 75.1])] };

Deno.test("judgeCells judges all published cells of a table as one family", () => {
  const [a, b] = judgeCells(corpus, measured);
  assert.deepEqual([a!.verdict, b!.verdict], ["REPRODUCED", "BELOW"]);
  assert.ok(a!.pCorrected! > a!.p!, "two claims were tested");
  const alone = judgeClaims(cellCases(corpus, measured).slice(0, 1))[0]!;
  assert.equal(alone.pCorrected, alone.p);
  assert.equal(judgeCells(corpus, measured, { level: 1e-6 })[0]!.verdict, "INCONCLUSIVE");
});

Deno.test("judgeChecks answers own questions in own words", () => {
  const input = directionCase({ kind: "above", by: 0 }, [5, 6.1, 7], [1, 2, 3]);
  const checks = [1, 2].map((i) => ({
    about: { id: `own ${i}`, question: "Is it?" },
    decide: { id: `own ${i}`, kind: "direction", input } as const,
  }));
  assert.deepEqual(judgeChecks(checks).map((c) => [c.id, c.outcome]), [["own 1", "holds"], [
    "own 2",
    "holds",
  ]]);
});
