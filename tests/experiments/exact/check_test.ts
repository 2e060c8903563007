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

Deno.test("exactExperiment gives a published sentence a verdict and its own statement an outcome", async () => {
  const about = { claim: "sdiet:multistep-update", reading: "equal", differs: ["eps"] };
  const resultOf = (check: Check, verdict: "REPRODUCED" | "NOT-COMPARABLE", claim = about.claim) =>
    exactExperiment({
      id: "paper/table",
      title: "T",
      summary: "S",
      statements: { A: { ...about, claim, verdict }, B: "own" },
      measure: () => ({ checks: [check, { ...right, id: "B" }] }),
    }).run(CALL);
  const { claims, checks } = await resultOf(right, "REPRODUCED");
  assert.deepEqual(checks.map((c) => [c.id, c.outcome]), [["B", "holds"]]);
  const [claim] = claims;
  assert.equal(claims.length, 1);
  assert.equal(claim!.verdict, "REPRODUCED");
  // As claims/sdiet.yaml has it: a paraphrase, with the place it was read.
  assert.match(claim!.statement, /fast-forwards t - 1 updates .*\(Read as: equal\)$/);
  assert.equal(claim!.paraphrase, true);
  assert.match(claim!.source.paper, /OpenReview 4NgxI6Z74n/);
  assert.deepEqual(claim!.differs, ["eps"]);
  const verdictOf = async (check: Check, verdict: "REPRODUCED" | "NOT-COMPARABLE") =>
    (await resultOf(check, verdict)).claims[0]!.verdict;
  assert.equal(await verdictOf(right, "NOT-COMPARABLE"), "NOT-COMPARABLE");
  assert.equal(await verdictOf({ ...right, error: 1 }, "REPRODUCED"), "BELOW");
  assert.equal(
    await verdictOf({ ...right, controls: [{ what: "too good", error: 0 }] }, "REPRODUCED"),
    "INCONCLUSIVE",
  );
  await assert.rejects(resultOf(right, "REPRODUCED", "sdiet:nothing"), /claims\/ has no such statement/);
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
