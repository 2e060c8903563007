import assert from "node:assert/strict";
import { METRICS, numbersOf } from "../../../src/evidence/gate/measurement.ts";
import { made } from "../../record/recorded.ts";

Deno.test("numbersOf takes the last accuracy, the mean loss of the last epoch, bytes and time", () => {
  const run = made({ losses: [3, 2, 1], bytes: 77 });
  const events = run.events.map((e) => e.event === "eval" ? { ...e, values: { top1: 61 } } : e);
  assert.deepEqual(numbersOf(events), {
    peakBytes: 77,
    stepMs: 5,
    metrics: { "kNN top-1": 61, "loss of the last epoch": 2 },
  });
  assert.deepEqual(Object.keys(numbersOf(events).metrics), Object.keys(METRICS));
});
