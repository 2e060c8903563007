import assert from "node:assert/strict";
import { judge } from "../../../src/evidence/gate/judge.ts";
import { baselines, measurement, runs } from "./cases.ts";

const row = (report: ReturnType<typeof judge>, name: RegExp) => report.rows.find((r) => name.test(r.name))!;
const lower = (by: number) => ({
  ...runs().metrics,
  "kNN top-1": runs().metrics["kNN top-1"]!.map((v) => v - by),
});

Deno.test("judge is green for the baseline against itself", () => {
  const report = judge(measurement(), baselines());
  assert.equal(report.ok, true);
  assert.deepEqual(report.rows.map((r) => r.status), ["passed", "passed", "passed", "passed", "reported"]);
  assert.deepEqual(report.notes, []);
});

Deno.test("judge is red for one byte more, planned or allocated, and says measured, baseline, rule and way out", () => {
  const planned = judge(measurement({ planBytes: 1_000_001 }), baselines());
  assert.equal(planned.ok, false);
  assert.match(
    row(planned, /planned/).sentence!,
    /measured 1,000,001, baseline 1,000,000; bytes may not grow by one; .*\.\/run gate --update/,
  );
  const allocated = judge(measurement({ run: { peakBytes: 5001 } }), baselines());
  assert.equal(allocated.ok, false);
  assert.equal(row(allocated, /^peak bytes/).status, "red");
});

Deno.test("judge is green for one byte less and tells how to keep it", () => {
  const report = judge(measurement({ planBytes: 999_999, run: { peakBytes: 4999 } }), baselines());
  assert.equal(report.ok, true);
  const improved = report.rows.filter((r) => r.status === "improved");
  assert.equal(improved.length, 2);
  for (const { sentence } of improved) assert.match(sentence!, /gate --update keeps the gain/);
});

Deno.test("judge is red for an accuracy outside the prediction interval and green for one inside", () => {
  const red = judge(measurement({ run: { metrics: lower(1) } }), baselines());
  assert.equal(red.ok, false);
  assert.equal(row(red, /kNN/).status, "red");
  assert.match(row(red, /kNN/).sentence!, /prediction interval of the baseline \(t = .*after Holm\)/);
  assert.equal(judge(measurement({ run: { metrics: lower(0.05) } }), baselines()).ok, true);
  assert.equal(
    judge(measurement({ run: { metrics: lower(-5) } }), baselines()).ok,
    true,
    "better is not red",
  );
});

Deno.test("judge is red for a worse loss", () => {
  const metrics = { ...runs().metrics, "loss of the last epoch": [2, 2.1, 2, 2.1, 2] };
  assert.equal(row(judge(measurement({ run: { metrics } }), baselines()), /loss/).status, "red");
});

Deno.test("judge never fails on times", () => {
  const report = judge(measurement({ run: { stepMs: [900, 900, 900, 900, 900] } }), baselines());
  assert.equal(report.ok, true);
  assert.match(row(report, /time/).inequality, /never gating/);
});

Deno.test("judge compares metrics with another adapter class statistically, says so, and no bytes", () => {
  const moved = { description: "another adapter" };
  const report = judge(measurement({ ...moved, run: { peakBytes: 9999 } }), baselines());
  assert.equal(report.ok, true);
  assert.equal(row(report, /^peak bytes/).status, "inconclusive");
  assert.equal(row(report, /kNN/).status, "passed");
  assert.match(report.notes[0]!, /another adapter.*statistically with those of adapter one/);
  const worse = judge(measurement({ ...moved, run: { metrics: lower(3) } }), baselines());
  assert.equal(worse.ok, false);
  const grown = judge(measurement({ ...moved, planBytes: 1_000_001 }), baselines());
  assert.equal(grown.ok, false, "plans gate everywhere");
});

Deno.test("judge does not judge what has no baseline, and says how to make one", () => {
  const report = judge(measurement(), { plans: undefined, runs: new Map() });
  assert.equal(report.ok, true);
  assert.deepEqual(new Set(report.rows.map((r) => r.status)), new Set(["inconclusive"]));
  assert.match(report.notes[0]!, /no baseline of runs.*gate --update/);
});

Deno.test("judge is red when a case was redefined or vanished, or its runs failed", () => {
  const other = judge(measurement({ run: { definition: "b".repeat(64) } }), baselines());
  assert.equal(other.ok, false);
  assert.match(other.rows.at(-1)!.sentence!, /of another definition/);
  const { runs: measured } = measurement();
  const none = judge({ plans: [], runs: { ...measured!, methods: [] } }, baselines());
  assert.deepEqual(none.rows.map((r) => r.status), ["red", "red"]);
  const failed = { method: "sdiet", problem: "seed 0: Cannot train." };
  const broken = judge({ plans: undefined, runs: { ...measured!, methods: [failed] } }, baselines());
  assert.match(broken.rows[0]!.sentence!, /every run must end; the failure was: seed 0: Cannot train\./);
});

Deno.test("judge leaves out what was not asked for", () => {
  const plans = judge({ ...measurement(), runs: undefined }, baselines());
  assert.deepEqual(plans.rows.map((r) => r.group), ["plan"]);
});
