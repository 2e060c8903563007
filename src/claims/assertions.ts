/**
 * Published words in a form a machine can check: each refers to cells by pattern, or to a model with stated inputs.
 *
 * A pattern is `table/row/column` with `*` for any run of characters; `source:` in front reaches another source.
 */
import { z } from "zod";

const patterns = z.array(z.string().min(1)).min(1);

/** A number as the source states it. `decimals` is how exactly: 2.76 has 2. */
const stated = {
  stated: z.number(),
  decimals: z.number().int().nonnegative().default(0),
  bound: z.enum(["about", "at-least", "at-most"]).default("about"),
  /** How we read words that state no number, such as "on par". */
  reading: z.string().min(1).optional(),
};

const loss = z.strictObject({
  loss: z.enum(["kl", "cross-entropy", "negative-entropy", "sqrt-kl", "sharpening"]),
  power: z.number().positive().max(1).optional(),
  /** Whether the second distribution is a constant or carries gradient. */
  target: z.enum(["stop-gradient", "through"]).default("stop-gradient"),
});
export type LossSpec = z.infer<typeof loss>;

export const assertion = z.discriminatedUnion("form", [
  /** In every column, each winner beats every cell of `among` that is not a winner. */
  z.strictObject({
    form: z.literal("best"),
    winners: patterns,
    among: patterns,
    except: patterns.optional(),
    margin: z.enum(["any", "sampling"]).default("any"),
    reading: z.string().min(1).optional(),
  }),
  /** In every column, largest / smallest stays below 1 + within. `within` is our reading of "roughly". */
  z.strictObject({ form: z.literal("same"), cells: patterns, within: z.number().positive() }),
  /** The cells were measured with one setting of this field. */
  z.strictObject({
    form: z.literal("same-protocol"),
    cells: patterns,
    field: z.enum(["encoder", "batch", "epochs"]),
  }),
  /** The source says that these numbers vary from run to run; it gives one run of each. */
  z.strictObject({ form: z.literal("spread-admitted"), cells: patterns }),
  /** Every cell lies in [low, high], in the unit of the cells. */
  z.strictObject({ form: z.literal("within"), cells: patterns, low: z.number(), high: z.number() }),
  /** of - over, cell by cell in the same order. */
  z.strictObject({ form: z.literal("difference"), of: patterns, over: patterns, ...stated }),
  /** 100 (of - over) / over, in percent. */
  z.strictObject({ form: z.literal("relative-change"), of: patterns, over: patterns, ...stated }),
  /** of / over. */
  z.strictObject({ form: z.literal("ratio"), of: patterns, over: patterns, ...stated }),
  /** Going from one column to another raises (or lowers) the value in every row. */
  z.strictObject({
    form: z.literal("change"),
    from: patterns,
    to: patterns,
    direction: z.enum(["up", "down"]),
  }),
  /** The stated number is the mean of the cells. */
  z.strictObject({ form: z.literal("mean"), cells: patterns, ...stated }),
  /** The words need numbers that no reachable source gives. */
  z.strictObject({ form: z.literal("unpublished"), needs: z.string().min(1) }),
  /** Two losses, or two parts of one, act differently on the logits. */
  z.strictObject({
    form: z.literal("distinct-losses"),
    left: loss,
    right: loss,
    /** What of this is our reading, when the source does not say it in so many words. */
    reading: z.string().min(1).optional(),
    /** The experiment that checks the identity exactly, with a control case that must fail. */
    exact_check: z.string().regex(/^[a-z-]+\/[a-z-]+$/).optional(),
  }),
  /** A peak-activation saving attributed to splitting a bottleneck ResNet into local units. */
  z.strictObject({
    form: z.literal("local-memory"),
    ...stated,
    blocks: z.array(z.number().int().positive()).min(2),
    base: z.number().int().positive(),
    image: z.number().int().positive(),
    stages_per_unit: z.number().int().positive(),
  }),
  /** A time saving attributed to needing fewer forward and backward passes; stated as a percentage. */
  z.strictObject({
    form: z.literal("step-cost"),
    ...stated,
    ours: z.strictObject({ trained_views: z.number(), forward_views: z.number() }),
    theirs: z.strictObject({ trained_views: z.number(), forward_views: z.number() }),
  }),
  /** Bytes of a stored matrix: rows x columns x bytes x copies, stated in GB (1e9 bytes). */
  z.strictObject({
    form: z.literal("stored-matrix"),
    ...stated,
    rows: z.number().int().positive(),
    columns: z.number().int().positive(),
    bytes_each: z.number().int().positive(),
    copies: z.number().int().positive(),
  }),
  /** An update that assumes every row is visited every rows / batch steps. */
  z.strictObject({
    form: z.literal("constant-gap"),
    rows: z.number().int().positive(),
    batch: z.number().int().positive(),
    order: z.enum(["cyclic", "reshuffled", "unstated"]),
  }),
]);
export type Assertion = z.infer<typeof assertion>;
export type AssertionForm = Assertion["form"];

/** Forms that measured cells can satisfy as published ones can. */
export const measuredForms = ["best", "change", "within", "difference", "ratio", "relative-change"] as const;
export type MeasuredForm = typeof measuredForms[number];
