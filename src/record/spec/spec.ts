/**
 * What a run is, as data: complete, committed before it runs, hashed, and carried in every event. Two runs of one
 * specification differ in nothing that was chosen.
 */
import { sha256Schema as hash } from "../../base/schemas.ts";
import { z } from "zod";
import { canonicalHash } from "../../base/canonical.ts";
import { failure } from "../../base/error.ts";
import { recipeSchema } from "../../data/augment/recipe_schema.ts";
import { withoutDefaults } from "./defaults.ts";
import { optimizerSchema } from "./optimizer.ts";
import { probeSchema } from "./probe.ts";
import { scheduleSchema } from "./schedule.ts";

/** Version of the specification's format; stands in every specification and so in its hash. */
export const SPEC_FORMAT = "assay-run-2";

const count = z.int().min(1);

const data = z.strictObject({
  /** Manifest name under datasets/. */
  name: z.string().min(1),
  split: z.string().min(1),
  /** Side of the stored images. */
  size: count,
  /** First n images of each class in name order, or all. */
  perClass: count.nullable().default(null),
  /** How a stored image is made of the original: `square` resizes the short side and cuts the middle; `full` keeps it. */
  geometry: z.enum(["square", "full"]).default("square"),
});

const encoder = z.strictObject({
  name: z.string().min(1),
  /** Factor of all channel counts. */
  width: z.number().positive().default(1),
  /** What else the architecture lets one choose, such as its stem. */
  options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.number())])).default(
    {},
  ),
});

/** An encoder whose weights are fixed: of a file, or of the last checkpoint of another run. */
const teacher = z.strictObject({
  encoder,
  weights: z.union([
    z.strictObject({ file: z.string().min(1), sha256: hash }),
    z.strictObject({ run: hash }),
  ]),
});

/** Views of one kind. */
const views = z.strictObject({
  /** Views of each image. */
  count,
  /** Side in pixels. */
  size: count,
  recipe: recipeSchema,
});

export const specSchema = z.strictObject({
  format: z.literal(SPEC_FORMAT).default(SPEC_FORMAT),
  method: z.string().min(1),
  /** Hyper-parameters by the method's letters, complete. */
  hyper: z.record(z.string(), z.union([scheduleSchema, z.string(), z.boolean()])).default({}),
  encoder,
  teacher: teacher.exactOptional(),
  /** Splits by use: `train` for pretraining; probes name theirs, `train` and `test` unless they say otherwise. */
  data: z.object({ train: data }).catchall(data),
  /** Groups of views, in the order in which the method gets them. */
  views: z.array(views).min(1),
  /** Images of a step. */
  batch: count,
  optimizer: optimizerSchema,
  probes: z.array(probeSchema).default([]),
  /** When training ends. */
  stop: z.union([
    z.strictObject({ epochs: count }),
    z.strictObject({ steps: count }),
    z.strictObject({ gradientEvaluations: count }),
  ]),
  /** Between checkpoints; absent: four times in the run, after whole epochs. The last step is always one. */
  checkpointEvery: z.union([z.strictObject({ epochs: count }), z.strictObject({ steps: count })])
    .exactOptional(),
  /** Of values and arithmetic. */
  precision: z.enum(["f32", "bf16-storage"]).default("f32"),
  seed: z.int().min(0).max(0xffffffff),
});

/** A run's specification with every field. */
export type RunSpec = z.infer<typeof specSchema>;
/** A specification as a caller may write it: fields with defaults may be absent. */
export type RunSpecInput = z.input<typeof specSchema>;
export type DataSpec = RunSpec["data"]["train"];
export type EncoderSpec = RunSpec["encoder"];
export type ViewGroup = RunSpec["views"][number];
export type Teacher = NonNullable<RunSpec["teacher"]>;

/** The complete specification. Errors: the field, what it must be, and what was found. */
export function parseSpec(value: unknown, place = "a run's specification"): RunSpec {
  const { data: spec, error } = specSchema.safeParse(value);
  if (spec) return spec;
  const [issue] = error.issues;
  const field = issue!.path.join(".");
  throw failure({
    operation: "use",
    object: place,
    required: field === "" ? issue!.message : `${field}: ${issue!.message}`,
    found: (JSON.stringify(at(value, issue!.path)) ?? "nothing").slice(0, 80),
    wayOut: "correct that field",
  });
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((v, key) => (v as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

/**
 * Identity of a run: SHA-256 of the specification in canonical JSON without the fields that stand at their default. A
 * field that is added later therefore leaves the hash of specifications that do not use it as it was. For the same
 * reason the default of a field never changes once a run was made with it.
 */
export function specHash(spec: RunSpecInput): string {
  return canonicalHash(withoutDefaults(specSchema, parseSpec(spec)));
}

/** Batches of an epoch; the last images that fill no batch are left out, others each epoch. */
export function stepsPerEpoch(images: number, batch: number): number {
  return Math.floor(images / batch);
}

/** Views of an image in a step, all groups together. */
export function viewCount({ views }: Pick<RunSpec, "views">): number {
  return views.reduce((sum, group) => sum + group.count, 0);
}
