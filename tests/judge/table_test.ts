import assert from "node:assert/strict";
import { judgeTable, type TableCase } from "../../src/judge/table.ts";
import { judge } from "../../src/judge/value.ts";
import { assertClose } from "../stats/close.ts";
import { CONDITIONS, directionCase, valueCase } from "./cases.ts";

// Alone: mean 66.7, 0.8 below the claim, t(0.95, 4) se = 0.238; 0.8 - 0.238 > 0.5 at p = 0.028.
const DROP = valueCase({}, { values: [66.4, 66.9, 66.5, 67, 66.7] });
// Alone: mean 67.5, sd 0.25, p near 0.006.
const FINE = valueCase({}, { values: [67.2, 67.4, 67.5, 67.6, 67.8] });

const row = (id: string, input: typeof DROP): TableCase => ({ id, kind: "value", input });

Deno.test("judgeTable of one row gives the row's own verdict, for gates and reports", () => {
  for (const purpose of ["gate", "report"] as const) {
    for (const input of [DROP, FINE]) {
      const [r] = judgeTable([row("only", input)], { purpose });
      assert.equal(r!.verdict, judge(input).verdict);
      assert.notEqual(r!.verdict, "INCONCLUSIVE");
      assertClose(r!.adjusted!.holds, r!.p!.holds, 1e-15);
    }
  }
});

Deno.test("judgeTable takes back a failure that sixteen rows explain by chance, and says why", () => {
  const rows = [row("drop", DROP), ...Array.from({ length: 15 }, (_, i) => row(`fine ${i}`, FINE))];
  const gate = judgeTable(rows, { purpose: "gate" })[0]!;
  assert.equal(judge(DROP).verdict, "BELOW");
  assert.equal(gate.verdict, "INCONCLUSIVE");
  assertClose(gate.adjusted!.fails, Math.min(1, 16 * judge(DROP).p!.fails), 1e-12);
  assert.ok(gate.notes.some((n) => n.includes("BELOW alone, but p = ") && n.includes("Holm over 16 rows")));
  assert.ok(gate.seedsNeeded! > 5);
});

Deno.test("judgeTable reports keep at least the decisions of a gate, and no row gains a verdict", () => {
  const inputs = [DROP, DROP, FINE, DROP, DROP];
  const rows = inputs.map((input, i) => row(`${i}`, input));
  const gate = judgeTable(rows, { purpose: "gate" });
  const report = judgeTable(rows, { purpose: "report" });
  gate.forEach((r, i) => {
    if (r.verdict !== "INCONCLUSIVE") assert.equal(report[i]!.verdict, r.verdict);
    assert.ok(["INCONCLUSIVE", judge(inputs[i]!).verdict].includes(r.verdict));
  });
  const decided = (t: typeof gate) => t.filter((r) => r.verdict !== "INCONCLUSIVE").length;
  assert.ok(decided(report) > decided(gate), "Benjamini-Hochberg must decide more rows here than Holm");
});

Deno.test("judgeTable leaves rows without a test alone and out of the family", () => {
  const exact = {
    claim: { ...CONDITIONS, relation: "at-most", value: 10 },
    measured: { ...CONDITIONS, numerator: 11 },
  } as const;
  const rows: TableCase[] = [
    row("drop", DROP),
    { id: "bytes", kind: "exact", input: exact },
    row("absent", valueCase({}, null)),
    {
      id: "order",
      kind: "direction",
      input: directionCase({ kind: "above", by: 0 }, [5, 6.1, 7], [1, 2, 3]),
    },
  ];
  const results = judgeTable(rows, { purpose: "gate" });
  assert.deepEqual(results.map((r) => r.id), ["drop", "bytes", "absent", "order"]);
  assert.deepEqual(results.map((r) => r.verdict).slice(1), ["EXCEEDS", "NOT-RUN", "REPRODUCED"]);
  assert.equal(results[1]!.adjusted, null);
  // two tested rows: drop and order
  assertClose(results[0]!.adjusted!.fails, 2 * results[0]!.p!.fails, 1e-12);
});
