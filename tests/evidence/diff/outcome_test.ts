import assert from "node:assert/strict";
import { compareOutcomes, differingParts } from "../../../src/evidence/diff/outcome.ts";
import { made } from "../../record/recorded.ts";

Deno.test("compareOutcomes finds the first differing step among those both runs made", () => {
  const o = compareOutcomes(made({ losses: [5, 4, 3, 2] }), made({ losses: [5, 4, 3.5] }));
  assert.deepEqual(o.firstDifference, { step: 2, series: "loss", a: 3, b: 3.5 });
  assert.deepEqual(o.steps, { a: 4, b: 3 });
  assert.equal(compareOutcomes(made({ losses: [5, 4] }), made({ losses: [5, 4, 3] })).firstDifference, null);
});

Deno.test("compareOutcomes takes states by step, with the final one, and starts apart", () => {
  const o = compareOutcomes(made(), made({ state: "x" }));
  assert.equal(o.sameStart, true);
  assert.deepEqual(o.states, [{ step: 3, same: false }]);
  assert.equal(compareOutcomes(made(), made({ seed: 1 })).sameStart, false);
});

Deno.test("compareOutcomes has no bytes while a run has not ended", () => {
  assert.equal(compareOutcomes(made(), made({ end: "killed" })).peakBytes, null);
  assert.deepEqual(compareOutcomes(made(), made({ bytes: 999 })).peakBytes, { a: 1000, b: 999 });
});

Deno.test("differingParts puts training before evaluation before memory", () => {
  const o = compareOutcomes(made(), made({ losses: [3, 2, 0], knn: 1, bytes: 1 }));
  assert.deepEqual(differingParts(o), ["training", "evaluation", "memory"]);
  assert.deepEqual(differingParts(compareOutcomes(made(), made())), []);
});
