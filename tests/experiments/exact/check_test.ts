import assert from "node:assert/strict";
import {
  type Check,
  exactExperiment,
  holds,
  judgeCheck,
  judgeChecks,
} from "../../../experiments/exact/check.ts";

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

Deno.test("judgeCheck reproduces only what keeps its bound while every control breaks it", () => {
  assert.deepEqual(judgeCheck(right), { verdict: "REPRODUCED", inequality: "1.0e-14 <= 1.0e-12" });
  assert.equal(judgeCheck({ ...right, error: 1e-11 }).verdict, "EXCEEDS");
  assert.match(judgeCheck({ ...right, error: 1e-11 }).inequality, /1\.0e-11 > 1\.0e-12/);
  assert.equal(judgeCheck({ ...right, error: NaN }).verdict, "EXCEEDS");
  for (const error of [0, 1e-12, NaN]) {
    const judged = judgeCheck({
      ...right,
      controls: [{ what: "wrong", error: 1 }, { what: "too good", error }],
    });
    assert.equal(judged.verdict, "INCONCLUSIVE", `control error ${error}`);
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
  assert.deepEqual(judgeCheck(differ), { verdict: "REPRODUCED", inequality: "0.1 > 0.01" });
  assert.deepEqual(judgeCheck({ ...differ, error: 1e-3 }), {
    verdict: "BELOW",
    inequality: "0.001 <= 0.01",
  });
  assert.equal(judgeCheck({ ...differ, controls: [{ what: "same", error: 1 }] }).verdict, "INCONCLUSIVE");
});

Deno.test("judgeChecks lets one failed part fail its claim, before one that decides nothing", () => {
  const undecided: Check = { ...right, controls: [{ what: "too good", error: 0 }] };
  const failed: Check = { ...right, error: 1 };
  const verdict = (...checks: Check[]) => judgeChecks({ A: "equal" }, checks)[0]!.verdict;
  assert.equal(verdict(right, right), "REPRODUCED");
  assert.equal(verdict(right, undecided), "INCONCLUSIVE");
  assert.equal(verdict(undecided, failed), "EXCEEDS");
  assert.equal(verdict(), "NOT-RUN");
  assert.throws(() => judgeChecks({}, [right]), /check "A": no statement says/);
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
  const result = await experiment.run({
    scale: "smoke",
    dataset: undefined,
    methods: undefined,
    seeds: undefined,
    out: "",
    resume: false,
    say: () => {},
  });
  assert.deepEqual(result.rows.map((row) => [row.method, row.values!.error, row.values!.outcome]), [
    ["A", "1.0e-14", "INCONCLUSIVE"],
    ["A control", "3", "rejected"],
    ["A control", "0", "NOT REJECTED"],
  ]);
  assert.equal(result.rows[0]!.values!["control error"], "0", "the control nearest to being let through");
  assert.equal(result.claims[0]!.verdict, "INCONCLUSIVE");
  assert.equal(result.notes.at(-1), "seen");
});
