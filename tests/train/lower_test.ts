import assert from "node:assert/strict";
import { optimizerSchema } from "../../src/record/spec/optimizer.ts";
import { scheduleSchema } from "../../src/record/spec/schedule.ts";
import {
  checkpointSteps,
  lowerHyper,
  lowerOptimizer,
  lowerSchedule,
  runLength,
} from "../../src/train/lower.ts";

const epochs = runLength({ stop: { epochs: 4 }, batch: 32 }, 320);

Deno.test("runLength counts steps of whole epochs, of steps, and of gradient evaluations", () => {
  assert.deepEqual(epochs, { stepsPerEpoch: 10, steps: 40, epochs: 4 });
  assert.deepEqual(runLength({ stop: { steps: 15 }, batch: 32 }, 320), {
    stepsPerEpoch: 10,
    steps: 15,
    epochs: 2,
  });
  assert.equal(runLength({ stop: { gradientEvaluations: 50 }, batch: 32 }, 320, 5).steps, 10);
});

Deno.test("lowerSchedule turns lengths in epochs into steps", () => {
  const cosine = scheduleSchema.parse({ kind: "cosine", base: 1, warmup: 1.5, start: 0.1, end: 0.01 });
  assert.deepEqual(lowerSchedule(cosine, epochs), {
    kind: "cosine",
    base: 1,
    steps: 40,
    warmup: 15,
    start: 0.1,
    end: 0.01,
  });
  const steps = lowerSchedule(
    scheduleSchema.parse({ kind: "milestones", base: 1, at: [1, 3], factor: 0.1 }),
    epochs,
  );
  assert.deepEqual((steps as unknown as { at: number[] }).at, [10, 30]);
  assert.equal(lowerSchedule(0.5, epochs), 0.5);
});

Deno.test("lowerOptimizer and lowerHyper lower what is a schedule and keep the rest", () => {
  const sgd = optimizerSchema.parse({
    kind: "sgd",
    lr: { kind: "cosine", base: 1 },
    momentum: 0.9,
    nesterov: true,
  });
  const lowered = lowerOptimizer(sgd, epochs) as unknown as Record<string, unknown>;
  assert.deepEqual([lowered.kind, lowered.momentum, lowered.nesterov], ["sgd", 0.9, true]);
  const hyper = lowerHyper({ mode: "lazy", on: true, T: 0.2 }, epochs) as Record<string, unknown>;
  assert.deepEqual(hyper, { mode: "lazy", on: true, T: 0.2 });
});

Deno.test("checkpointSteps follows the specification, else keeps four checkpoints after whole epochs", () => {
  assert.equal(checkpointSteps({ checkpointEvery: { steps: 3 } }, epochs), 3);
  assert.equal(checkpointSteps({ checkpointEvery: { epochs: 2 } }, epochs), 20);
  assert.equal(checkpointSteps({}, epochs), 10);
  assert.equal(checkpointSteps({}, runLength({ stop: { epochs: 10 }, batch: 32 }, 320)), 20);
});
