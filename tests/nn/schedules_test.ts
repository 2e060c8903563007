import assert from "node:assert/strict";
import { type Schedule, scheduleAt } from "../../src/nn/schedules.ts";

const close = (got: number, expected: number) =>
  assert.ok(Math.abs(got - expected) <= 1e-12 * Math.max(1, Math.abs(expected)), `${got} is not ${expected}`);

Deno.test("scheduleAt of a number is the number", () => {
  assert.equal(scheduleAt(0.3, 0), 0.3);
  assert.equal(scheduleAt(0.3, 1e6), 0.3);
});

Deno.test("scheduleAt follows CosineAnnealingLR's recursion", () => {
  const schedule: Schedule = { kind: "cosine", base: 0.8, steps: 20, end: 0.1 };
  let lr = 0.8; // the chainable form of torch.optim.lr_scheduler.CosineAnnealingLR
  for (let step = 0; step <= 20; step++) {
    close(scheduleAt(schedule, step), lr);
    const next = (1 + Math.cos(Math.PI * (step + 1) / 20)) / (1 + Math.cos(Math.PI * step / 20));
    lr = next * (lr - 0.1) + 0.1;
  }
});

Deno.test("scheduleAt warms up as LinearLR and hands over to the cosine at its full value", () => {
  const schedule: Schedule = { kind: "cosine", base: 0.6, steps: 50, warmup: 10, start: 0.2 };
  for (let step = 0; step < 10; step++) {
    close(scheduleAt(schedule, step), 0.6 * (1 / 3 + (2 / 3) * step / 10));
  }
  close(scheduleAt(schedule, 10), 0.6);
  close(scheduleAt(schedule, 30), 0.3);
  close(scheduleAt(schedule, 50), 0);
  assert.equal(scheduleAt({ kind: "cosine", base: 1, steps: 5, warmup: 2 }, 0), 0);
});

Deno.test("scheduleAt stays at the end value behind the last step", () => {
  assert.equal(scheduleAt({ kind: "cosine", base: 1, steps: 5, end: 0.25 }, 5), 0.25);
  assert.equal(scheduleAt({ kind: "cosine", base: 1, steps: 5, end: 0.25 }, 500), 0.25);
});

Deno.test("scheduleAt of milestones multiplies at each one reached", () => {
  const schedule: Schedule = { kind: "milestones", base: 0.1, at: [60, 80], factor: 0.1 };
  close(scheduleAt(schedule, 59), 0.1);
  close(scheduleAt(schedule, 60), 0.01);
  close(scheduleAt(schedule, 80), 0.001);
  close(scheduleAt(schedule, 1000), 0.001);
});

Deno.test("scheduleAt of milestones warms up from a stated number, and steps count from the start of the warm-up", () => {
  const schedule: Schedule = {
    kind: "milestones",
    base: 0.4,
    at: [6, 8],
    factor: 0.5,
    warmup: 4,
    start: 0.1,
  };
  const expected = [0.1, 0.175, 0.25, 0.325, 0.4, 0.4, 0.2, 0.2, 0.1];
  expected.forEach((value, step) => close(scheduleAt(schedule, step), value));
  assert.equal(scheduleAt({ ...schedule, start: 0 }, 0), 0);
});

Deno.test("scheduleAt names a cosine without steps", () => {
  const schedule: Schedule = { kind: "cosine", base: 1, steps: 5, warmup: 5 };
  assert.throws(
    () => scheduleAt(schedule, 1),
    /its steps must be more than its warm-up, current values are 5 and 5/,
  );
});
