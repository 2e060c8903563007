/** From what a specification says to what a step needs: lengths in epochs become steps. */
import type { OptimizerSpec } from "../nn/optimizers.ts";
import type { Schedule as StepSchedule } from "../nn/schedules.ts";
import type { Optimizer } from "../record/spec/optimizer.ts";
import type { Schedule } from "../record/spec/schedule.ts";
import { type RunSpec, stepsPerEpoch } from "../record/spec/spec.ts";

/** How long a run is. */
export interface RunLength {
  readonly stepsPerEpoch: number;
  readonly steps: number;
  /** Epochs begun. */
  readonly epochs: number;
}

/** The length of a run over so many training images, with so many gradient evaluations a step. */
export function runLength(
  { stop, batch }: Pick<RunSpec, "stop" | "batch">,
  images: number,
  evaluationsPerStep = 1,
): RunLength {
  const perEpoch = stepsPerEpoch(images, batch);
  const steps = "epochs" in stop
    ? stop.epochs * perEpoch
    : "steps" in stop
    ? stop.steps
    : Math.floor(stop.gradientEvaluations / evaluationsPerStep);
  return { stepsPerEpoch: perEpoch, steps, epochs: perEpoch > 0 ? Math.ceil(steps / perEpoch) : 0 };
}

/** A schedule of a specification in steps. */
export function lowerSchedule(schedule: Schedule, length: RunLength): StepSchedule {
  if (typeof schedule === "number") return schedule;
  const inSteps = (epochs: number) => Math.round(epochs * length.stepsPerEpoch);
  const { base, start } = schedule;
  const warmup = inSteps(schedule.warmup);
  if (schedule.kind === "cosine") {
    return { kind: "cosine", base, steps: Math.max(1, length.steps), warmup, start, end: schedule.end };
  }
  return { kind: "milestones", base, at: schedule.at.map(inSteps), factor: schedule.factor, warmup, start };
}

/** The optimizer of a specification in steps. */
export function lowerOptimizer(optimizer: Optimizer, length: RunLength): OptimizerSpec {
  const lower = (schedule: Schedule) => lowerSchedule(schedule, length);
  const parts = Object.entries(optimizer.parts).map(([name, { lr, weightDecay }]) => [name, {
    ...(lr !== undefined && { lr: lower(lr) }),
    ...(weightDecay !== undefined && { weightDecay: lower(weightDecay) }),
  }]);
  return {
    ...optimizer,
    lr: lower(optimizer.lr),
    weightDecay: lower(optimizer.weightDecay),
    parts: Object.fromEntries(parts),
  };
}

/** Hyper-parameters of a specification in steps. */
export function lowerHyper(hyper: RunSpec["hyper"], length: RunLength): Record<string, number> {
  return Object.fromEntries(
    Object.entries(hyper).map(([letter, value]) => [
      letter,
      typeof value === "string" || typeof value === "boolean" ? value : lowerSchedule(value, length),
    ]),
  ) as Record<string, number>;
}

/** Steps between checkpoints: as the specification says, else four times in the run, after whole epochs. */
export function checkpointSteps(
  { checkpointEvery: every }: Pick<RunSpec, "checkpointEvery">,
  { stepsPerEpoch: perEpoch, epochs }: RunLength,
): number {
  if (every === undefined) return Math.max(1, perEpoch * Math.max(1, Math.floor(epochs / 4)));
  return "steps" in every ? every.steps : every.epochs * perEpoch;
}
