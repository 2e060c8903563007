/** Schedules of step-varying numbers: plain data, and a pure function of the step, so that a run resumes exactly. */
import { AssayError } from "../base/error.ts";

/**
 * A number at every step, counted from 0. Both kinds begin with `warmup` steps on a line from `start` (default 0: then the first
 * step's number is 0) to `base`, which step `warmup` is the first to have (torch.optim.lr_scheduler.LinearLR).
 * - `cosine`: half a cosine from `base` at step `warmup` to `end` at step `steps` (CosineAnnealingLR with T_max = steps - warmup);
 *   it stays at `end`.
 * - `milestones`: `base` times `factor` for every step of `at` reached (MultiStepLR); steps count from the start of the warm-up.
 */
export type Schedule =
  | number
  | {
    readonly kind: "cosine";
    readonly base: number;
    readonly steps: number;
    readonly warmup?: number;
    readonly start?: number;
    readonly end?: number;
  }
  | {
    readonly kind: "milestones";
    readonly base: number;
    readonly at: readonly number[];
    readonly factor: number;
    readonly warmup?: number;
    readonly start?: number;
  };

/** Value of a schedule at a step. */
export function scheduleAt(schedule: Schedule, step: number): number {
  if (typeof schedule === "number") return schedule;
  const { base, warmup = 0, start = 0 } = schedule;
  if (schedule.kind === "milestones") {
    if (step < warmup) return start + (base - start) * (step / warmup);
    return base * schedule.factor ** schedule.at.filter((m) => step >= m).length;
  }
  const { steps, end = 0 } = schedule;
  if (!(steps > warmup)) {
    throw new AssayError(
      `Cannot follow the cosine schedule: its steps must be more than its warm-up, current values are ${steps} and ${warmup}.`,
    );
  }
  if (step < warmup) return start + (base - start) * (step / warmup);
  const progress = Math.min(1, (step - warmup) / (steps - warmup));
  return end + (base - end) * 0.5 * (1 + Math.cos(Math.PI * progress));
}
