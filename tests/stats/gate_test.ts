import assert from "node:assert/strict";
import { toSummary } from "../../src/stats/describe.ts";
import { gate, type GateRow } from "../../src/stats/gate.ts";
import { predictionInterval } from "../../src/stats/prediction_interval.ts";
import { assertAssayError, assertClose } from "./close.ts";

const HISTORY = [67.7, 67.6, 67.4, 67.6, 67.3];
const metric = (id: string, value: number, history: readonly number[] = HISTORY): GateRow => ({
  kind: "metric",
  id,
  history,
  value,
  better: "higher",
});

Deno.test("gate fails on one byte more, passes on equality and calls fewer bytes improved", () => {
  const row = (value: number): GateRow => ({ kind: "bytes", id: "peak", baseline: 1000, value });
  assert.equal(gate([row(1000)]).ok, true);
  assert.deepEqual(gate([row(1001)]), {
    ok: false,
    rows: [{
      id: "peak",
      status: "regressed",
      inequality: "1001 B > baseline 1000 B",
      p: null,
      adjustedP: null,
    }],
  });
  assert.equal(gate([row(999)]).rows[0]!.status, "improved");
});

Deno.test("gate fails a metric exactly when it leaves the one-sided prediction interval of its history", () => {
  const lower = predictionInterval(HISTORY, 0.9).lower;
  assert.equal(gate([metric("a", lower + 1e-9)]).ok, true);
  assert.equal(gate([metric("a", lower - 1e-9)]).ok, false);
  assert.equal(gate([metric("a", 99)]).ok, true);
  const loss: GateRow = { kind: "metric", id: "loss", history: HISTORY, value: 99, better: "lower" };
  assert.equal(gate([loss]).ok, false);
});

Deno.test("gate tests the mean of several new runs against the narrower interval of a mean", () => {
  const { mean } = toSummary("test", "the history", HISTORY);
  const below = (runs: number) => mean - (mean - predictionInterval(HISTORY, 0.9).lower) * narrowing(runs);
  const narrowing = (runs: number) => Math.sqrt((1 / runs + 1 / 5) / (1 + 1 / 5));
  const row = (value: number): GateRow => ({ ...metric("a", value), runs: 5 } as GateRow);
  assert.equal(gate([row(below(5) + 1e-9)]).ok, true);
  assert.equal(gate([row(below(5) - 1e-9)]).ok, false);
  assert.equal(gate([metric("a", below(5) - 1e-9)]).ok, true, "one run alone may lie there");
  assertAssayError(() => gate([{ ...metric("a", 1), runs: 0 } as GateRow]), /number of new runs of "a"/);
});

Deno.test("gate applies Holm over its metric rows: a drop that fails alone passes among twenty", () => {
  const alone = metric("drop", predictionInterval(HISTORY, 0.94).lower);
  assert.equal(gate([alone]).ok, false);
  const others = Array.from({ length: 19 }, (_, i) => metric(`row ${i}`, 67.5));
  const together = gate([alone, ...others]);
  assert.equal(together.ok, true);
  assertClose(together.rows[0]!.adjustedP!, 20 * together.rows[0]!.p!, 1e-12);
});

Deno.test("gate does not judge a short history, and says so", () => {
  const r = gate([metric("new", 10, [67, 68])]);
  assert.equal(r.ok, true);
  assert.equal(r.rows[0]!.status, "unknown");
  assert.match(r.rows[0]!.inequality, /2 stored runs < 5 needed/);
});

Deno.test("gate compares exactly with a history that never varied, and fails a value that is no number", () => {
  const constant = [5, 5, 5, 5, 5];
  assert.equal(gate([metric("c", 5, constant)]).rows[0]!.status, "passed");
  assert.equal(gate([metric("c", 4.999, constant)]).ok, false);
  assert.equal(gate([metric("c", 6, constant)]).rows[0]!.status, "improved");
  assert.equal(gate([metric("c", NaN)]).ok, false);
  assert.equal(gate([metric("c", NaN, [])]).ok, false);
});

Deno.test("gate reports times and never fails on them", () => {
  const r = gate([{ kind: "time", id: "step", history: [1, 2, 3, 4, 5], values: [10, 11, 12, 13, 14] }]);
  assert.equal(r.ok, true);
  assert.equal(r.rows[0]!.status, "reported");
  assertClose(r.rows[0]!.p!, 1 / 252, 1e-12);
});

Deno.test("gate refuses two rows with one id, a broken history and a fractional byte count", () => {
  assertAssayError(() => gate([metric("a", 1), metric("a", 2)]), /row "a".*two rows/);
  assertAssayError(() => gate([metric("a", 1, [1, 2, NaN, 4, 5])]), /history of "a".*NaN/);
  assertAssayError(() => gate([{ kind: "bytes", id: "b", baseline: 1.5, value: 1 }]), /baseline of "b"/);
});
