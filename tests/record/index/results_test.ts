import assert from "node:assert/strict";
import { type NewEvent, parseEvent } from "../../../src/record/events.ts";
import { resultsOf } from "../../../src/record/index/results.ts";

type Evaluation = [
  step: number,
  protocol: Record<string, string | number | boolean>,
  values: Record<string, number>,
];
const events = (...evaluations: Evaluation[]) =>
  evaluations.map(([step, protocol, values], seq) => {
    const event = { event: "eval", step, epoch: 0, protocol, values } satisfies NewEvent;
    return parseEvent({ spec: "a".repeat(64), seq, time: "2026-01-01T00:00:00.000Z", ...event }, "here");
  });
const knn = { probe: "knn", features: "encoder", k: 20 };
const start: Evaluation[] = [
  [0, { ...knn, features: "untrained encoder" }, { top1: 27 }],
  [0, { ...knn, features: "raw pixels" }, { top1: 35 }],
];

Deno.test("resultsOf never gives the untrained encoder or raw pixels as a run's result", () => {
  assert.deepEqual(resultsOf(events(...start)), {});
  // Pixels may be looked at after training too.
  const late: Evaluation = [9, { ...knn, features: "raw pixels" }, { top1: 35 }];
  assert.deepEqual(resultsOf(events(...start, [9, knn, { top1: 31 }], late)), { "knn top1": 31 });
});

Deno.test("resultsOf names values by their probe, alike for a run that goes on and one that ended", () => {
  const going = resultsOf(events(...start, [4, knn, { top1: 29 }], [8, knn, { top1: 30 }]));
  assert.deepEqual(going, { "knn top1": 30 });
  const linear: Evaluation = [8, { probe: "linear", features: "encoder", converged: false }, {
    top1: 34,
    penalty: 1e-6,
  }];
  assert.deepEqual(resultsOf(events(...start, [8, knn, { top1: 30 }], linear)), {
    "knn top1": 30,
    "linear top1": 34,
    "linear penalty": 1e-6,
  });
});

Deno.test("resultsOf names other features, and the protocol of two probes that would have one name", () => {
  const found = resultsOf(
    events([8, knn, { top1: 30 }], [8, { ...knn, k: 200 }, { top1: 31 }], [
      8,
      { ...knn, features: "stage2" },
      { top1: 20 },
    ]),
  );
  assert.deepEqual(found, { "knn (k 20) top1": 30, "knn (k 200) top1": 31, "knn of stage2 top1": 20 });
});
