import assert from "node:assert/strict";
import {
  describeDetection,
  detectionProbability,
  forgedCount,
  replaysNeeded,
} from "../../../src/evidence/bundle/detection.ts";

Deno.test("detectionProbability equals the count over all possible draws", () => {
  const total = 9, drawn = 4;
  for (let forged = 0; forged <= total; forged++) {
    let caught = 0, draws = 0;
    for (let set = 0; set < 1 << total; set++) {
      const bits = [...Array(total).keys()].filter((i) => set >> i & 1);
      if (bits.length !== drawn) continue;
      draws++;
      if (bits.some((i) => i < forged)) caught++;
    }
    assert.ok(
      Math.abs(detectionProbability(total, forged, drawn) - caught / draws) < 1e-12,
      `forged ${forged}`,
    );
  }
});

Deno.test("detectionProbability tends to 1 - (1 - f)^N for many intervals", () => {
  // Drawing 10 of a million without replacement differs from drawing with it by less than 10 * 10 / 1e6.
  assert.ok(Math.abs(detectionProbability(1e6, 1e5, 10) - (1 - 0.9 ** 10)) < 1e-4);
});

Deno.test("detectionProbability is certain when more is drawn than was left alone", () => {
  assert.equal(detectionProbability(10, 3, 8), 1);
  assert.equal(detectionProbability(10, 0, 10), 0);
  assert.equal(detectionProbability(10, 10, 1), 1);
});

Deno.test("replaysNeeded is the fewest that reach the probability", () => {
  for (const [total, forged] of [[20, 1], [20, 5], [100, 10], [7, 7]] as const) {
    const n = replaysNeeded(total, forged, 0.95);
    assert.ok(detectionProbability(total, forged, n) >= 0.95);
    assert.ok(n === 1 || detectionProbability(total, forged, n - 1) < 0.95);
  }
});

Deno.test("forgedCount is at least one interval and exact at whole numbers", () => {
  assert.deepEqual([forgedCount(30, 0.1), forgedCount(31, 0.1), forgedCount(4, 0.05), forgedCount(1, 0.5)], [
    3,
    4,
    1,
    1,
  ]);
});

Deno.test("describeDetection names intervals, probability and the replays that 95 % needs", () => {
  assert.match(
    describeDetection(20, 5),
    /^5 of 20 intervals replayed.*1 of 20 \(5 %\): 25\.0 %, 95 % needs 19; .*10 of 20 \(50 %\): 98\.4 %, 95 % needs 4 replays$/,
  );
});
