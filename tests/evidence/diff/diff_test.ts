import assert from "node:assert/strict";
import { diffRuns, PRECEDENCE } from "../../../src/evidence/diff/diff.ts";
import { environment, type Made, made, onAdapter } from "../../record/recorded.ts";

const compare = (a: Made, b: Made) => diffRuns(made(a), made(b));
/** Outcomes that part at the second step. */
const other = { losses: [3, 2.5, 1], state: "other" };

Deno.test("diffRuns calls two equal outcomes SAME-BITS and names what differs without effect", () => {
  assert.equal(compare({}, {}).verdict, "SAME-BITS");
  const moved = compare({}, { environment: onAdapter("adapter two") });
  assert.equal(moved.verdict, "SAME-BITS");
  assert.match(moved.reason.join(" "), /without an effect on it: adapter/);
});

Deno.test("diffRuns calls differing outcomes of one definition on one adapter class NONDETERMINISTIC", () => {
  const d = compare({}, other);
  assert.equal(d.verdict, "NONDETERMINISTIC");
  assert.equal(d.cause, null);
  assert.deepEqual(d.outcome.firstDifference, { step: 1, series: "loss", a: 2, b: 2.5 });
});

Deno.test("diffRuns blames each facet when it alone differs with the outcome", () => {
  const cases: [Made, string, string][] = [
    [{ hyper: { T: 0.2 } }, "AUTHORED", "specification"],
    [{ list: "others" }, "AUTHORED", "data"],
    [{ pixels: "others" }, "AUTHORED", "decoder"],
    [{ program: "others" }, "AUTHORED", "program"],
    [
      { environment: environment({ code: { kernels: { "conv.wgsl": "0".repeat(64) } } }) },
      "AUTHORED",
      "kernels",
    ],
    [{ environment: environment({ code: { source: "0".repeat(64) } }) }, "AUTHORED", "code"],
    [{ environment: onAdapter("adapter two") }, "ENVIRONMENT", "adapter"],
    [{ environment: environment({ machine: { cpu: "another" } }) }, "ENVIRONMENT", "runtime"],
  ];
  for (const [change, verdict, cause] of cases) {
    const d = compare({}, { ...other, ...change });
    assert.deepEqual([d.verdict, d.cause], [verdict, cause]);
  }
  const seeds = compare({ seed: 0 }, { ...other, seed: 1 });
  assert.deepEqual([seeds.verdict, seeds.cause], ["AUTHORED", "seed"]);
});

Deno.test("diffRuns names the first facet of its precedence and lists the others", () => {
  const slower = environment({ machine: { cpu: "another" } });
  const d = compare({}, { ...other, seed: 1, pixels: "x", program: "x", environment: slower });
  assert.equal(d.cause, "decoder");
  assert.deepEqual(d.alsoDifferent, ["seed", "program", "runtime"]);
  const order = [d.cause, ...d.alsoDifferent].map((name) => PRECEDENCE.indexOf(name!));
  assert.deepEqual(order, [...order].sort((x, y) => x - y));
});

Deno.test("diffRuns blames the adapter for a program that only another adapter's kernel variants changed", () => {
  const d = compare({}, { ...other, program: "variant", environment: onAdapter("two") });
  assert.deepEqual([d.verdict, d.cause, d.alsoDifferent], ["ENVIRONMENT", "adapter", []]);
});

Deno.test("diffRuns calls a difference UNVERIFIABLE when what could explain it was not recorded", () => {
  const d = compare({ environment: undefined }, other);
  assert.equal(d.verdict, "UNVERIFIABLE");
  assert.match(d.reason.join(" "), /kernels, code, adapter, runtime/);
});

Deno.test("diffRuns blames the protocol when the trainings agree and only the evaluation differs", () => {
  const d = compare({}, { k: 200, knn: 51 });
  assert.deepEqual([d.verdict, d.cause, d.parts], ["AUTHORED", "protocol", ["evaluation"]]);
  const trained = compare({}, { ...other, k: 200, knn: 51 });
  assert.notEqual(trained.cause, "protocol", "a protocol cannot change a training");
});

Deno.test("diffRuns sees bytes that alone differ", () => {
  const d = compare({}, { bytes: 1001 });
  assert.deepEqual([d.verdict, d.parts], ["NONDETERMINISTIC", ["memory"]]);
  assert.match(d.reason.join(" "), /1000 against 1001/);
});

Deno.test("diffRuns calls equal beginnings with different ends STATUS-CHANGED and quotes the fault", () => {
  const d = compare({}, { end: "fault" });
  assert.equal(d.verdict, "STATUS-CHANGED");
  assert.match(d.reason.join(" "), /B said: .*the loss is NaN/);
});

Deno.test("diffRuns calls a run without a step MISSING", () => {
  const d = compare({ end: "start" }, {});
  assert.equal(d.verdict, "MISSING");
  assert.match(d.reason[0]!, /^A recorded no step/);
});

Deno.test("diffRuns calls out a run copied under another seed", () => {
  const d = compare({ seed: 0, state: "s" }, { seed: 1, state: "s" });
  assert.match(d.reason.join(" "), /one of these runs is a copy/);
});
