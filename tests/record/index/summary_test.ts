import assert from "node:assert/strict";
import { digestEvents } from "../../../src/record/events.ts";
import { brokenRun, summarise } from "../../../src/record/index/summary.ts";
import { made } from "../recorded.ts";

Deno.test("summarise takes identity, progress and outcome from a finished run", () => {
  const run = made({ seed: 3, losses: [3, 2, 1.5], knn: 61, bytes: 77 });
  const s = summarise(run, "/r/a", "a");
  assert.deepEqual(
    [s.method, s.dataset, s.seed, s.status, s.step, s.steps, s.loss, s.values, s.peakBytes],
    ["sdiet", "shapes", 3, "completed", 3, 3, 1.5, { "knn knn": 61 }, 77],
  );
  assert.equal(s.digest, digestEvents(run.events));
  assert.equal(s.adapter, "adapter one");
});

Deno.test("summarise knows a run that was killed before its first step, and one without environment", () => {
  const s = summarise(made({ end: "start", environment: undefined }), "/r/a", "a");
  assert.deepEqual([s.status, s.step, s.steps, s.loss, s.peakBytes], ["unfinished", 0, 3, null, null]);
  assert.deepEqual([s.adapter, s.commit], [null, null]);
});

Deno.test("brokenRun has the same fields as a summary", () => {
  const fields = (value: object) => Object.keys(value).sort();
  assert.deepEqual(fields(brokenRun("/r/a", "a", "why")), fields(summarise(made(), "/r/a", "a")));
});
