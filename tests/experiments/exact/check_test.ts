import assert from "node:assert/strict";
import {
  type Check,
  exactExperiment,
  holds,
  judgeCheck,
  judgeChecks,
} from "../../../experiments/exact/check.ts";
import type { Experiment } from "../../../src/repro/experiment.ts";
import { gridTable } from "../../../src/report/cells.ts";

const CALL: Parameters<Experiment["run"]>[0] = {
  scale: "smoke",
  dataset: undefined,
  methods: undefined,
  seeds: undefined,
  out: "",
  resume: false,
  say: () => {},
};

const right: Check = {
  id: "A",
  what: "two routes",
  error: 1e-14,
  tolerance: 1e-12,
  controls: [{ what: "wrong", error: 0.5 }],
};

Deno.test("holds keeps the edge of an upper bound and not that of a lower one, and no bound holds for NaN", () => {
  assert.deepEqual([holds(1, "at-most", 1), holds(1, "above", 1)], [true, false]);
  assert.deepEqual([holds(NaN, "at-most", 1), holds(NaN, "above", 1)], [false, false]);
});

Deno.test("judgeCheck holds only what keeps its bound while every control breaks it", () => {
  assert.deepEqual(judgeCheck(right), { outcome: "holds", inequality: "1.0e-14 <= 1.0e-12" });
  assert.equal(judgeCheck({ ...right, error: 1e-11 }).outcome, "fails");
  assert.match(judgeCheck({ ...right, error: 1e-11 }).inequality, /1\.0e-11 > 1\.0e-12/);
  assert.equal(judgeCheck({ ...right, error: NaN }).outcome, "fails");
  for (const error of [0, 1e-12, NaN]) {
    const judged = judgeCheck({
      ...right,
      controls: [{ what: "wrong", error: 1 }, { what: "too good", error }],
    });
    assert.equal(judged.outcome, "undecided", `control error ${error}`);
    assert.match(judged.inequality, /but so does the control "too good"/);
  }
});

Deno.test("judgeCheck turns around for statements that two things differ", () => {
  const differ: Check = {
    ...right,
    relation: "above",
    error: 0.1,
    tolerance: 1e-2,
    controls: [{ what: "same", error: 0 }],
  };
  assert.deepEqual(judgeCheck(differ), { outcome: "holds", inequality: "0.1 > 0.01" });
  assert.deepEqual(judgeCheck({ ...differ, error: 1e-3 }), {
    outcome: "fails",
    inequality: "0.001 <= 0.01",
  });
  assert.equal(judgeCheck({ ...differ, controls: [{ what: "same", error: 1 }] }).outcome, "undecided");
});

Deno.test("judgeChecks lets one failed part fail its statement, before one that decides nothing", () => {
  const undecided: Check = { ...right, controls: [{ what: "too good", error: 0 }] };
  const failed: Check = { ...right, error: 1 };
  const outcome = (...checks: Check[]) => judgeChecks({ A: "equal" }, checks)[0]!.outcome;
  assert.equal(outcome(right, right), "holds");
  assert.equal(outcome(right, undecided), "undecided");
  assert.equal(outcome(undecided, failed), "fails");
  assert.equal(outcome(), "not-run");
  assert.throws(() => judgeChecks({}, [right]), /check "A": no statement says/);
});

Deno.test("exactExperiment gives outcomes, and no verdict where a bound is kept", async () => {
  const experiment = exactExperiment({
    id: "paper/table",
    title: "T",
    summary: "S",
    statements: { A: "equals paper:sentence", B: "own" },
    measure: () => ({ checks: [right, { ...right, id: "B", error: 1 }] }),
  });
  const { claims, checks } = await experiment.run(CALL);
  assert.deepEqual(claims, []);
  assert.deepEqual(checks.map((c) => [c.id, c.question, c.outcome]), [
    ["A", "equals paper:sentence", "holds"],
    ["B", "own", "fails"],
  ]);
});

Deno.test("exactExperiment gives a row per check and per control, and says which control was let through", async () => {
  const undecided: Check = {
    ...right,
    controls: [{ what: "wrong", error: 3 }, { what: "too good", error: 0 }],
  };
  const experiment = exactExperiment({
    id: "paper/table",
    title: "T",
    summary: "S",
    statements: { A: "equal" },
    measure: () => ({ checks: [undecided], notes: ["seen"] }),
  });
  assert.equal(experiment.needsAdapter, false);
  const result = await experiment.run(CALL);
  assert.deepEqual(gridTable(result.grids[0]!).rows, [
    ["A", "two routes", "1.0e-14", "<= 1.0e-12", "0", "undecided"], // the control nearest to being let through
    ["A control", "wrong", "3", "<= 1.0e-12", "", "rejected"],
    ["A control", "too good", "0", "<= 1.0e-12", "", "NOT REJECTED"],
  ]);
  assert.deepEqual(result.checks.map((c) => c.outcome), ["undecided"]);
  assert.deepEqual(result.claims, []);
  assert.equal(result.notes.at(-1), "seen");
});
