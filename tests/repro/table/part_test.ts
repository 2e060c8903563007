import assert from "node:assert/strict";
import { joinParts, type Part } from "../../../src/repro/table/part.ts";

Deno.test("joinParts lets a later part win, and joins hyper-parameters by letter", () => {
  const joined = joinParts(
    { batch: 8, hyper: { T: 0.1, queue: 64 }, optimizer: { kind: "sgd", lr: 1, momentum: 0.9 } },
    undefined,
    { hyper: { T: 0.2 }, optimizer: { kind: "sgd", lr: 2 } },
  );
  assert.deepEqual(joined, {
    batch: 8,
    hyper: { T: 0.2, queue: 64 },
    optimizer: { kind: "sgd", lr: 2 },
  });
});

Deno.test("joinParts multiplies the length that was decided before, in whatever it is counted", () => {
  assert.equal(joinParts({ epochs: 10 }, { longer: 2 }).epochs, 20);
  assert.equal(joinParts({ epochs: 10 }, { longer: 2 }, { longer: 3 }).epochs, 60);
  assert.equal(joinParts({ epochs: 10 }, { longer: 2 }, { epochs: 7 }).epochs, 7, "a later length wins");
  assert.equal(joinParts({ epochs: 10 }, { epochs: 4, longer: 2 }).epochs, 8);
  assert.equal(joinParts({ steps: 12 }, { longer: 2 }).steps, 24);
  assert.equal(joinParts({ gradientEvaluations: 12 }, { longer: 2 }).gradientEvaluations, 24);
  assert.equal(joinParts({ epochs: 10 }, { longer: 2 }).longer, undefined, "a factor is used up");
});

Deno.test("joinParts leaves one way to end", () => {
  const ends = (...parts: readonly Part[]) =>
    Object.entries(joinParts(...parts)).filter(([, value]) => value !== undefined);
  assert.deepEqual(ends({ epochs: 10 }, { steps: 3 }), [["steps", 3]]);
  assert.deepEqual(ends({ steps: 3 }, { gradientEvaluations: 9 }), [["gradientEvaluations", 9]]);
  assert.deepEqual(ends({ gradientEvaluations: 9 }, { epochs: 2 }), [["epochs", 2]]);
});
