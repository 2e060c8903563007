/**
 * Numbers that may change during a run, as data. Lengths are in epochs, as publications state them, so a schedule says
 * the same thing whatever the size of the dataset; training lowers it to steps.
 */
import { z } from "zod";

const epochs = z.number().min(0);

/** `base` after `warmup` epochs that rise in a straight line from `start`, then half a cosine down to `end`. */
const cosine = z.strictObject({
  kind: z.literal("cosine"),
  base: z.number(),
  end: z.number().default(0),
  warmup: epochs.default(0),
  /** Value at step 0 of the warm-up. */
  start: z.number().default(0),
});

/** `base`, multiplied by `factor` at each of the epochs `at`, after a warm-up as above. */
const milestones = z.strictObject({
  kind: z.literal("milestones"),
  base: z.number(),
  at: z.array(epochs).min(1),
  factor: z.number(),
  warmup: epochs.default(0),
  start: z.number().default(0),
});

/** A number, or how it changes over the run. */
export const scheduleSchema = z.union([z.number(), z.discriminatedUnion("kind", [cosine, milestones])]);
/** A schedule with every field. */
export type Schedule = z.infer<typeof scheduleSchema>;
/** A schedule as a table writes it. */
export type ScheduleInput = z.input<typeof scheduleSchema>;
