import assert from "node:assert/strict";
import { judgeChecks } from "../../../src/judge/judge_claims.ts";
import { ownCases } from "../../../src/repro/table/own.ts";
import * as words from "../../../src/repro/table/vocabulary.ts";
import { type Log, small, tellingOf } from "./small_table.ts";

type Logs = (run: { row: string; seed: number; column: string }) => Log | undefined;
const ask = async (
  means: words.Comparison | readonly words.Comparison[],
  log?: Logs,
  change = {},
  choice = {},
) => {
  const check = words.own("q", "is it so?", means) as Extract<words.Check, { kind: "own" }>;
  const measures = { ...small.measures, program: words.program };
  const t = await tellingOf({ ...small, measures, checks: [check], ...change }, log, choice);
  return judgeChecks(await ownCases(t, check)).map(({ id, question, outcome }) => ({
    id,
    question,
    outcome,
  }));
};
const outcomes = async (...asked: Parameters<typeof ask>) =>
  (await ask(...asked)).map((line) => line.outcome);
/** simclr is far above sdiet, with every seed. */
const far: Logs = ({ row, seed }) => ({ answer: () => ({ top1: (row === "sdiet" ? 20 : 60) + 0.1 * seed }) });

Deno.test("ownCases decides whether a row is above another over seeds", async () => {
  assert.deepEqual(await ask(words.beats("simclr", "sdiet", "knn"), far), [
    { id: "q", question: "is it so?", outcome: "holds" },
  ]);
  assert.deepEqual(await outcomes(words.beats("sdiet", "simclr", "knn"), far), ["fails"]);
  const torn: Logs = ({ row, seed }) => ({
    answer: () => ({ top1: row === "sdiet" ? 20 : 20 + (seed ? 9 : -8) }),
  });
  assert.deepEqual(await outcomes(words.beats("simclr", "sdiet", "knn"), torn), ["undecided"]);
  assert.deepEqual(await outcomes(words.beats("simclr", "sdiet", "knn"), () => undefined), ["not-run"]);
});

Deno.test("ownCases compares with the untrained encoder and with pixels by the same seeds", async () => {
  const learned: Logs = ({ seed }) => ({
    answer: (probe, epoch) => ({ top1: (probe.of === "pixels" ? 30 : epoch === 0 ? 20 : 60) + 0.1 * seed }),
  });
  assert.deepEqual(await outcomes(words.beats("simclr", ["untrained", "pixels"], "knn"), learned), [
    "holds",
    "holds",
  ]);
});

Deno.test("ownCases gives each of several orderings a line that says which it is", async () => {
  const lines = await ask(words.beats("simclr", ["sdiet", "cold"], "knn"), far);
  assert.deepEqual(lines.map(({ id, outcome }) => [id, outcome]), [["q/sdiet", "holds"], [
    "q/cold",
    "undecided",
  ]]);
  assert.deepEqual(lines[1]!.question, "is it so? (simclr above SimCLR, cold, kNN)");
});

Deno.test("ownCases asks in every column of a table that has some, with the seeds that ran there", async () => {
  const columns = { A: {}, B: { batch: 16 } };
  const log: Logs = (run) => run.column === "B" && run.seed === 1 ? undefined : far(run);
  const lines = await ask(words.beats("simclr", "sdiet", "knn"), log, { columns });
  assert.deepEqual(lines.map(({ id, outcome }) => [id, outcome]), [["q/A", "holds"], ["q/B", "undecided"]]);
  const named = await ask(words.beats("simclr", "sdiet", "knn", "B"), far, { columns });
  assert.deepEqual(named.map(({ id, outcome }) => [id, outcome]), [["q", "holds"]]);
});

Deno.test("ownCases compares numbers exactly, one or several of them", async () => {
  const log: Logs = ({ row }) => ({ peakBytes: row === "cold" ? 1001 : 1000 });
  assert.deepEqual(await outcomes(words.equal("simclr", "measured", 1000), log), ["holds"]);
  assert.deepEqual(await outcomes(words.equal("simclr", "measured", 999), log), ["fails"]);
  assert.deepEqual(await outcomes(words.equal("cold", "measured", "plannedHere"), log), ["fails"]);
  const kept = words.planKept(["simclr", "sdiet"]) as Extract<words.Check, { kind: "own" }>;
  assert.deepEqual(await outcomes(kept.means, log), ["holds"]);
  const broken = words.planKept(["simclr", "cold"]) as Extract<words.Check, { kind: "own" }>;
  assert.deepEqual(await outcomes(broken.means, log), ["fails"]);
  assert.deepEqual(await outcomes(kept.means, log, { columns: { A: {}, B: { batch: 16 } } }), ["holds"]);
  assert.deepEqual(await outcomes(kept.means, () => undefined), ["not-run"]);
});

Deno.test("ownCases tells whether rows have one value", async () => {
  const same = words.same(["simclr", "cold", "sdiet"], "program");
  assert.deepEqual(await outcomes(same, () => ({ program: "one" })), ["holds"]);
  assert.deepEqual(await outcomes(same, ({ row }) => ({ program: row })), ["fails"]);
  const one: Logs = ({ row }) => row === "cold" ? {} : undefined;
  assert.deepEqual(await outcomes(same, one), ["not-run"], "one value alone is no comparison");
});

Deno.test("ownCases leaves out what names a row that was not chosen", async () => {
  const only = { rows: ["simclr"] };
  assert.deepEqual(await ask(words.beats("simclr", "sdiet", "knn"), far, {}, only), []);
  const kept = words.planKept(["simclr", "sdiet"]) as Extract<words.Check, { kind: "own" }>;
  assert.deepEqual(await outcomes(kept.means, far, {}, only), ["holds"]);
});
