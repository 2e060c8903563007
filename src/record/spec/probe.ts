/** What frozen features are asked, as data: which probe, of which features, on which images, after which epochs. */
import { z } from "zod";

const common = {
  /** Features it looks at: of the encoder, of the end of one of its stages (from 1), or the pixels themselves. */
  of: z.string().regex(
    /^(encoder|pixels|stage[1-9]\d*)$/,
    "must be encoder, pixels, or a stage such as stage2",
  )
    .default("encoder"),
  /** Uses of the specification's data that it learns from and is tested on. */
  train: z.string().default("train"),
  test: z.string().default("test"),
  /** Moments at which it is taken: before the first step, after an epoch (from 1), after the last. */
  at: z.array(z.union([z.literal("start"), z.literal("end"), z.int().min(1)])).default(["end"]),
  /** Besides, after every so many epochs. */
  every: z.int().min(1).exactOptional(),
};

const probe = <K extends string, S extends z.ZodRawShape>(kind: K, shape: S) =>
  z.strictObject({ kind: z.literal(kind), ...shape, ...common });

export const probeSchema = z.discriminatedUnion("kind", [
  /** Weighted k nearest neighbours by cosine (Wu et al., arXiv 1805.01978). */
  probe("knn", { k: z.int().min(1), T: z.number().positive() }),
  probe("1-nn", {}),
  /** Linear classifier by a named protocol of src/eval/protocols.ts, or `lbfgs`: to convergence on the host. */
  probe("linear", { protocol: z.string(), selection: z.enum(["last", "best"]).default("last") }),
  /** Accuracy of the best one-to-one assignment of k-means clusters to classes (CompRess, section 4). */
  probe("cluster-alignment", { clusters: z.int().min(2) }),
  probe("few-shot", {
    ways: z.int().min(2),
    shots: z.int().min(1),
    queries: z.int().min(1),
    episodes: z.int().min(1),
  }),
  /** Fine-tuning on a share of the labels. */
  probe("semi-supervised", { share: z.number().gt(0).max(1), protocol: z.string() }),
  /** Standard deviation, effective rank and participation ratio of the features. */
  probe("collapse", {}),
]);
/** Every kind of probe that a specification may name. */
export const PROBE_KINDS: readonly string[] = probeSchema.options.map((option) => option.shape.kind.value);

/** A probe with every field. */
export type Probe = z.infer<typeof probeSchema>;
/** A probe as a table writes it. */
export type ProbeInput = z.input<typeof probeSchema>;

/** Whether a probe is taken after `epoch` epochs (0: before the first step) of a run of so many. */
export function isDue({ at, every }: Probe, epoch: number, epochs: number): boolean {
  if (epoch === 0) return at.includes("start");
  return at.includes(epoch) || (epoch === epochs && at.includes("end")) ||
    (every !== undefined && epoch % every === 0);
}

/** What an evaluation looked at, as events name it. */
export const FEATURES = { encoder: "encoder", untrained: "untrained encoder", pixels: "raw pixels" } as const;

/**
 * How an event names a probe: what an `eval` event's protocol must hold for the event to be an answer to it. Fields at
 * their default are left out, so that logs written before a field existed still answer.
 */
export function protocolOf(probe: Probe, dataset: string, started: boolean): Record<string, string | number> {
  const { kind, of, train, test, at: _, every: __, ...own } = probe;
  const features = of === "pixels"
    ? FEATURES.pixels
    : of !== "encoder"
    ? of
    : started
    ? FEATURES.encoder
    : FEATURES.untrained;
  const { selection, ...rest } = own as { selection?: string } & Record<string, string | number>;
  return {
    probe: kind,
    features,
    ...rest,
    dataset,
    ...(selection === "best" && { selection }),
    ...(train !== "train" && { train }),
    ...(test !== "test" && { test }),
  };
}
