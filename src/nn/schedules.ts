/** Schedules of step-varying numbers: plain data, and a pure function of the step, so that a run resumes exactly. */
import { AssayError } from "../base/error.ts";

/**
 * A number at every step, counted from 0.
 * - `cosine`: linear from `start` to `base` over the `warmup` first steps, then half a cosine from `base` at step `warmup` to `end`
 *   at step `steps` (torch.optim.lr_scheduler.LinearLR, then CosineAnnealingLR with T_max = steps - warmup); it stays at `end`.
 * - `steps`: `base` times `factor` for every milestone reached (MultiStepLR).
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
    readonly kind: "steps";
    readonly base: number;
    readonly milestones: readonly number[];
    readonly factor: number;
  };

/** Value of a schedule at a step. */
export function scheduleAt(schedule: Schedule, step: number): number {
  if (typeof schedule === "number") return schedule;
  if (schedule.kind === "steps") {
    return schedule.base * schedule.factor ** schedule.milestones.filter((m) => step >= m).length;
  }
  const { base, steps, warmup = 0, start = 0, end = 0 } = schedule;
  if (!(steps > warmup)) {
    throw new AssayError(
      `Cannot follow the cosine schedule: its steps must be more than its warm-up, current values are ${steps} and ${warmup}.`,
    );
  }
  if (step < warmup) return start + (base - start) * (step / warmup);
  const progress = Math.min(1, (step - warmup) / (steps - warmup));
  return end + (base - end) * 0.5 * (1 + Math.cos(Math.PI * progress));
}
