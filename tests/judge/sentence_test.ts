import assert from "node:assert/strict";
import type { Statement } from "../../src/claims/claim.ts";
import { judgeSentence } from "../../src/judge/judge_claims.ts";
import type { MeasuredCell, MeasuredTable } from "../../src/judge/measured.ts";
import { sentenceCases } from "../../src/judge/sentence.ts";
import { demoCorpus, realCorpus } from "../claims/real_corpus.ts";

const conditions = { unit: "percent", dataset: "big", scale: "paper", protocol: {} } as const;
const seeds = (row: string, column: string, values: readonly number[], more: Partial<MeasuredCell> = {}) => ({
  ...conditions,
  row,
  column,
  outcome: { values, seeds: values.map((_, i) => i), testSetSize: 10_000 },
  ...more,
});
const bytes = (row: string, column: string, value: number): MeasuredCell => ({
  ...conditions,
  unit: "bytes",
  row,
  column,
  outcome: { value },
});
const table = (...cells: readonly MeasuredCell[]): MeasuredTable => ({ table: "demo:t1", cells });

/** A statement with this assertion, as a claims file has it. */
function says(asserts: string): Statement {
  const { sources } = demoCorpus(`tables:
  - id: t1
    title: T
    reference: paper
    dataset: big
    metric: top1
    unit: percent
    columns: [{ id: top1 }, { id: top5 }]
    rows:
      - { id: ours, role: proposed, cells: [71.0, 90.0] }
      - { id: theirs, role: baseline, cells: [70.0, 89.0] }
statements:
  - { id: words, quote: "We win.", reference: paper, asserts: ${asserts} }
`);
  return sources[0]!.statements[0]!;
}
const BEST = says(`{ form: best, winners: ["t1/ours/*"], among: ["t1/*/*"] }`);

Deno.test("judgeSentence: best wants the winner above every rival in its column, paired by seed", () => {
  const results = judgeSentence(
    BEST,
    table(
      seeds("ours", "top1", [71, 72, 73]),
      seeds("theirs", "top1", [70, 71.1, 71.9]),
      seeds("others", "top1", [75, 76.1, 77]),
    ),
  );
  assert.deepEqual(results.map((r) => [r.id, r.verdict]), [
    ["demo:words/theirs", "REPRODUCED"],
    ["demo:words/others", "BELOW"],
  ]);
  assert.match(results[0]!.inequality, /^ours - theirs: .* > 0 \(one-sided, level 0\.05\)$/);
  assert.equal(results[0]!.statement, "We win (ours against theirs, top1)");
  assert.ok(results[0]!.notes!.some((n) => n.startsWith("Paired over 3 shared seeds")));
  assert.ok(results[0]!.pCorrected! >= results[0]!.p!);
});

Deno.test("judgeSentence: of bytes the smaller is the better", () => {
  const small = [bytes("ours", "top1", 5), bytes("theirs", "top1", 9), bytes("others", "top1", 4)];
  const [result, ...more] = judgeSentence(BEST, table(...small));
  assert.equal(result!.verdict, "REPRODUCED");
  assert.equal(result!.id, "demo:words/theirs");
  assert.deepEqual(more.map((r) => r.verdict), ["BELOW"]);
  assert.equal(result!.p, undefined, "exact numbers are compared, not tested");
});

Deno.test("judgeSentence at a reduced scale gives the direction and no verdict", () => {
  const small = { scale: "mini" } as const;
  const [result] = judgeSentence(
    BEST,
    table(seeds("ours", "top1", [71, 72, 73], small), seeds("theirs", "top1", [70, 71.1, 71.9], small)),
  );
  assert.deepEqual([result!.verdict, result!.direction, result!.differs], ["NOT-COMPARABLE", "supports", [
    "scale",
  ]]);
});

Deno.test("judgeSentence: a ratio of exact numbers counts as stated when it rounds to it, of outcomes by its interval", () => {
  const half = says(
    `{ form: ratio, of: ["t1/ours/top1"], over: ["t1/theirs/top1"], stated: 0.5, decimals: 1 }`,
  );
  const verdict = (...cells: MeasuredCell[]) => judgeSentence(half, table(...cells))[0]!.verdict;
  assert.equal(verdict(bytes("ours", "top1", 549), bytes("theirs", "top1", 1000)), "REPRODUCED");
  assert.equal(verdict(bytes("ours", "top1", 551), bytes("theirs", "top1", 1000)), "EXCEEDS");
  assert.equal(verdict(bytes("ours", "top1", 449), bytes("theirs", "top1", 1000)), "BELOW");
  assert.equal(
    verdict(seeds("ours", "top1", [30, 30.2, 30.1]), seeds("theirs", "top1", [60, 60.4, 60])),
    "REPRODUCED",
  );
  assert.equal(
    verdict(seeds("ours", "top1", [40, 40.2, 40.1]), seeds("theirs", "top1", [60, 60.4, 60])),
    "EXCEEDS",
  );
});

Deno.test("judgeSentence: differences, changes and ranges", () => {
  const gain = says(
    `{ form: difference, of: ["t1/ours/top1"], over: ["t1/theirs/top1"], stated: -1, bound: at-least }`,
  );
  const pair = [seeds("ours", "top1", [70, 71, 72]), seeds("theirs", "top1", [70.1, 71.2, 72])];
  const [matched] = judgeSentence(gain, table(...pair));
  assert.equal(matched!.verdict, "REPRODUCED");
  assert.match(matched!.inequality, /^ours - theirs \+ 1: /);
  const change = says(`{ form: change, from: ["t1/*/top1"], to: ["t1/*/top5"], direction: up }`);
  const moved = judgeSentence(change, table(pair[0]!, seeds("ours", "top5", [90, 91.3, 92])));
  assert.deepEqual(moved.map((r) => r.verdict), ["REPRODUCED"]);
  const range = says(`{ form: within, cells: ["t1/ours/top1"], low: 70, high: 75 }`);
  const inside = (values: number[]) => judgeSentence(range, table(seeds("ours", "top1", values)))[0]!.verdict;
  assert.deepEqual([inside([72, 73, 72.5]), inside([80, 80.1, 80.2]), inside([75, 75.5, 74.5])], [
    "REPRODUCED",
    "EXCEEDS",
    "INCONCLUSIVE",
  ]);
});

Deno.test("judgeSentence says NOT-RUN of a cell without outcome, and nothing where no cell has the names", () => {
  const [result] = judgeSentence(
    BEST,
    table(seeds("ours", "top1", [1, 2]), { ...bytes("theirs", "top1", 1), outcome: null }),
  );
  assert.equal(result!.verdict, "NOT-RUN");
  assert.deepEqual(sentenceCases(BEST, { ...table(), table: "demo:t9" }), []);
});

Deno.test("claims/sdiet.yaml: sentences without published numbers say what measured cells must satisfy", () => {
  const statement = (id: string) =>
    realCorpus().sources.find((s) => s.id === "sdiet")!.statements.find((s) => s.id === id)!;
  const GB = 1_000_000_000;
  const planned: MeasuredTable = {
    table: "sdiet:table6",
    cells: [
      bytes("sdiet", "planned", 13_069_805_840),
      bytes("simclr", "planned", 24_861_254_400),
      bytes("moco", "planned", 13_341_000_000),
      bytes("diet", "head-weights", 10_495_320_064),
      bytes("sdiet", "head-on-disk", 31.5 * GB),
    ],
  };
  const verdicts = (id: string, measured: MeasuredTable) =>
    judgeSentence(statement(id), measured).map((r) => [r.id, r.verdict]);
  assert.deepEqual(verdicts("half-memory", planned), [
    ["sdiet:half-memory/simclr", "REPRODUCED"],
    ["sdiet:half-memory/moco", "EXCEEDS"],
  ]);
  assert.deepEqual(verdicts("head-size", planned), [["sdiet:head-size", "REPRODUCED"]]);
  assert.deepEqual(verdicts("disk-size", planned), [["sdiet:disk-size", "EXCEEDS"]]);
  const accuracies: MeasuredTable = {
    table: "sdiet:table5",
    cells: [
      seeds("sdiet", "knn", [80, 81, 82]),
      seeds("simclr", "knn", [80.5, 81.4, 82.6]),
      seeds("vicreg", "knn", [85, 86, 87.2]),
      seeds("diet", "knn", [60, 61, 62]),
    ],
  };
  assert.deepEqual(verdicts("matches-ssl", accuracies), [
    ["sdiet:matches-ssl/simclr", "REPRODUCED"],
    ["sdiet:matches-ssl/vicreg", "BELOW"],
  ]);
});
