import assert from "node:assert/strict";
import { beforeArithmetic, withoutTest } from "../../src/judge/judgement.ts";

Deno.test("beforeArithmetic lets TAMPERED win over NOT-RUN, names every place, and is null otherwise", () => {
  const r = beforeArithmetic(["events.jsonl line 3", "table.csv"], false)!;
  assert.equal(r.verdict, "TAMPERED");
  assert.deepEqual(r.notes, [
    "The evidence was altered: events.jsonl line 3.",
    "The evidence was altered: table.csv.",
  ]);
  assert.equal(beforeArithmetic([], false)!.verdict, "NOT-RUN");
  assert.equal(beforeArithmetic([], true), null);
});

Deno.test("withoutTest has no inequality, no p-values and no seeds to promise", () => {
  const r = withoutTest("INCONCLUSIVE", { notes: ["why"] });
  assert.deepEqual([r.inequality, r.p, r.seedsNeeded, r.direction, r.notes], ["", null, null, null, ["why"]]);
});
