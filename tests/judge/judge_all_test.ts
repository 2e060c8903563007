import assert from "node:assert/strict";
import { type Case, judgeAll } from "../../src/judge/judge_all.ts";
import { judge } from "../../src/judge/value.ts";
import { assertClose } from "../stats/close.ts";
import { CONDITIONS, directionCase, valueCase } from "./cases.ts";

// Alone: mean 66.7, 0.8 below the claim, t(0.95, 4) se = 0.238; 0.8 - 0.238 > 0.5 at p = 0.028.
const DROP = valueCase({}, { values: [66.4, 66.9, 66.5, 67, 66.7] });
// Alone: mean 67.5, sd 0.25, p near 0.006.
const FINE = valueCase({}, { values: [67.2, 67.4, 67.5, 67.6, 67.8] });

const row = (id: string, input: typeof DROP): Case => ({ id, kind: "value", input });

Deno.test("judgeAll of one case gives the row's own verdict, under either correction", () => {
  for (const correction of ["holm", "benjamini-hochberg"] as const) {
    for (const input of [DROP, FINE]) {
      const [r] = judgeAll([row("only", input)], { correction });
      assert.equal(r!.verdict, judge(input).verdict);
      assert.notEqual(r!.verdict, "INCONCLUSIVE");
      assertClose(r!.adjusted!.holds, r!.p!.holds, 1e-15);
    }
  }
});

Deno.test("judgeAll takes back a failure that sixteen cases explain by chance, and says why", () => {
  const rows = [row("drop", DROP), ...Array.from({ length: 15 }, (_, i) => row(`fine ${i}`, FINE))];
  const gate = judgeAll(rows, { correction: "holm" })[0]!;
  assert.equal(judge(DROP).verdict, "BELOW");
  assert.equal(gate.verdict, "INCONCLUSIVE");
  assertClose(gate.adjusted!.fails, Math.min(1, 16 * judge(DROP).p!.fails), 1e-12);
  assert.match(gate.inequality, /, but p = 0\.02\d+, after Holm over 16 0\.\d+ > 0\.05$/);
  assert.ok(gate.notes.some((n) => n === "BELOW if it were the only question."));
  assert.ok(gate.seedsNeeded! > 5);
});

Deno.test("judgeAll by Benjamini-Hochberg keeps at least the decisions of Holm, and no case gains a verdict", () => {
  const inputs = [DROP, DROP, FINE, DROP, DROP];
  const rows = inputs.map((input, i) => row(`${i}`, input));
  const gate = judgeAll(rows, { correction: "holm" });
  const report = judgeAll(rows, {});
  gate.forEach((r, i) => {
    if (r.verdict !== "INCONCLUSIVE") assert.equal(report[i]!.verdict, r.verdict);
    assert.ok(["INCONCLUSIVE", judge(inputs[i]!).verdict].includes(r.verdict));
  });
  const decided = (t: typeof gate) => t.filter((r) => r.verdict !== "INCONCLUSIVE").length;
  assert.ok(decided(report) > decided(gate), "Benjamini-Hochberg must decide more rows here than Holm");
});

Deno.test("judgeAll leaves cases without a test alone and out of the family", () => {
  const exact = {
    claim: { ...CONDITIONS, relation: "at-most", value: 10 },
    measured: { ...CONDITIONS, numerator: 11 },
  } as const;
  const rows: Case[] = [
    row("drop", DROP),
    { id: "bytes", kind: "exact", input: exact },
    row("absent", valueCase({}, null)),
    {
      id: "order",
      kind: "direction",
      input: directionCase({ kind: "above", by: 0 }, [5, 6.1, 7], [1, 2, 3]),
    },
  ];
  const results = judgeAll(rows, { correction: "holm" });
  assert.deepEqual(results.map((r) => r.id), ["drop", "bytes", "absent", "order"]);
  assert.deepEqual(results.map((r) => r.verdict).slice(1), ["EXCEEDS", "NOT-RUN", "REPRODUCED"]);
  assert.equal(results[1]!.adjusted, null);
  // two tested rows: drop and order
  assertClose(results[0]!.adjusted!.fails, 2 * results[0]!.p!.fails, 1e-12);
});

Deno.test("judgeAll corrects directions at a reduced scale too: one of seven that is barely there alone is undecided", () => {
  const run = { scale: "mini" } as const;
  // Gains 1, 2, 0.4: mean 1.13, se 0.467, t = 2.43, one-sided p = 0.068; with 0.9 instead of 0.4 p = 0.03.
  const barely = directionCase({ kind: "above", by: 0 }, [11, 12, 10.9], [10, 10, 10], { run });
  const open = directionCase({ kind: "above", by: 0 }, [10.5, 9, 10.7], [10, 10, 10], { run });
  const alone = judgeAll([{ id: "a", kind: "direction", input: barely }])[0]!;
  assert.equal(alone.direction, "supports");
  const seven = judgeAll([barely, open, open, open, open, open, open].map((input, i): Case => ({
    id: `${i}`,
    kind: "direction",
    input,
  })));
  assert.equal(seven[0]!.direction, "undecided");
  assert.equal(seven[0]!.verdict, "NOT-COMPARABLE");
  assertClose(seven[0]!.adjusted!.holds, 7 * alone.p!.holds, 1e-12);
  assert.match(
    seven[0]!.inequality,
    /> 0 \(one-sided, level 0\.05\), but p = 0\.0\d+, after Benjamini-Hochberg over 7 0\.\d+ > 0\.05$/,
  );
  assert.ok(seven[0]!.notes.includes("Supported if it were the only question."));
  assert.match(seven[1]!.inequality, /\(one-sided, level 0\.05\)$/, "all intervals of a page have one level");
});

Deno.test("judgeAll names the side that a case alone would be decided by, also where the correction takes it back", () => {
  const contrary = directionCase({ kind: "above", by: 0 }, [10, 10, 10], [11, 12, 10.9]);
  const open = directionCase({ kind: "above", by: 0 }, [10.5, 9, 10.7], [10, 10, 10]);
  const [first, second] = judgeAll([contrary, open, open, open].map((input, i): Case => ({
    id: `${i}`,
    kind: "direction",
    input,
  })));
  assert.deepEqual([first!.verdict, first!.side], ["INCONCLUSIVE", "fails"]);
  assert.deepEqual([second!.verdict, second!.side], ["INCONCLUSIVE", "holds"]);
  assert.match(first!.inequality, /< 0 \(one-sided, level 0\.05\), but p = /);
});
