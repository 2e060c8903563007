/**
 * Committed baselines: `plans.json` holds the planned bytes, one file per adapter class the seeds, accuracies, losses, times
 * and allocated bytes of its runs. Raw values per seed are kept, never only means.
 */
import { fingerprintSchema } from "../../record/environment.ts";
import { sha256Schema as hash } from "../../base/schemas.ts";
import { basename, join } from "node:path";
import { z } from "zod";
import { failure } from "../../base/error.ts";
import { replaceFile } from "../../base/write_whole.ts";
import { adapterClass } from "../../record/environment.ts";

const count = z.int().min(0);

const plansSchema = z.strictObject({
  format: z.literal("assay-plan-baseline-1"),
  plans: z.record(z.string(), z.strictObject({ definition: hash, peakBytes: count })),
});

const runSchema = z.strictObject({
  definition: hash,
  seeds: z.array(count).min(1),
  peakBytes: count,
  /** By metric, one value per seed. */
  metrics: z.record(z.string(), z.array(z.number()).min(1)),
  /** Median milliseconds a step, one value per seed. */
  stepMs: z.array(z.number().min(0)),
});

const runsSchema = z.strictObject({
  format: z.literal("assay-run-baseline-1"),
  adapterClass: hash,
  adapter: fingerprintSchema,
  runs: z.record(z.string(), runSchema),
}).superRefine((value, context) => {
  if (adapterClass(value.adapter) !== value.adapterClass) {
    context.addIssue({
      code: "custom",
      path: ["adapterClass"],
      message: "must be the class of the adapter beside it",
    });
  }
  for (const [method, run] of Object.entries(value.runs)) {
    for (const [name, values] of Object.entries(run.metrics)) {
      if (values.length === run.seeds.length) continue;
      context.addIssue({
        code: "custom",
        path: ["runs", method, "metrics", name],
        message: `must hold one value for each of ${run.seeds.length} seeds`,
      });
    }
  }
});

export type PlanBaseline = z.infer<typeof plansSchema>;
export type RunBaseline = z.infer<typeof runsSchema>;

/** Everything that is committed. */
export interface Baselines {
  readonly plans: PlanBaseline | undefined;
  /** By file name, sorted. */
  readonly runs: ReadonlyMap<string, RunBaseline>;
}

export const PLANS_FILE = "plans.json";

/** Reads a folder of baselines; one that is missing holds none. Throws for a file that is not as its schema has it. */
export async function readBaselines(folder: string): Promise<Baselines> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.isFile && entry.name.endsWith(".json")) names.push(entry.name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const plans = names.includes(PLANS_FILE) ? await parse(join(folder, PLANS_FILE), plansSchema) : undefined;
  const runs = new Map<string, RunBaseline>();
  for (const name of names.filter((n) => n !== PLANS_FILE).sort()) {
    const path = join(folder, name);
    const run = await parse(path, runsSchema);
    const twin = [...runs].find(([, other]) => other.adapterClass === run.adapterClass);
    if (twin) {
      throw broken(
        path,
        "every adapter class has one file",
        `one of the class of ${twin[0]}`,
        "delete one of them",
      );
    }
    runs.set(name, run);
  }
  return { plans, runs };
}

/** Writes the planned bytes; the file is whole at every moment. */
export async function writePlanBaseline(folder: string, baseline: PlanBaseline): Promise<string> {
  return await write(folder, PLANS_FILE, baseline);
}

/** Writes the runs of an adapter class into the file that has the class already, or a new one. */
export async function writeRunBaseline(
  folder: string,
  baseline: RunBaseline,
  known: Baselines["runs"],
): Promise<string> {
  const there = [...known].find(([, other]) => other.adapterClass === baseline.adapterClass)?.[0];
  return await write(folder, there ?? fileOf(baseline), baseline);
}

/** `llvmpipe-1a2b3c4d.json`: a readable name and the start of the class. */
export function fileOf({ adapter, adapterClass }: Pick<RunBaseline, "adapter" | "adapterClass">): string {
  const name = adapter.description || adapter.device || adapter.vendor || "adapter";
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40);
  return `${slug || "adapter"}-${adapterClass.slice(0, 8)}.json`;
}

async function write(folder: string, name: string, value: unknown): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  const path = join(folder, name);
  replaceFile(path, [new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)]);
  return path;
}

async function parse<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const wayOut = `restore it from version control, or delete it and run ./run gate --update`;
  let value: unknown;
  try {
    value = JSON.parse(await Deno.readTextFile(path));
  } catch (cause) {
    throw broken(
      path,
      "it must be JSON",
      cause instanceof Error ? cause.message : String(cause),
      wayOut,
      cause,
    );
  }
  const { data, error } = schema.safeParse(value);
  if (data !== undefined) return data;
  const [issue] = error!.issues;
  throw broken(
    path,
    `${issue!.path.join(".") || "the file"} is not as the schema has it`,
    issue!.message,
    wayOut,
  );
}

function broken(path: string, required: string, found: string, wayOut: string, cause?: unknown): Error {
  return failure({
    operation: "read",
    object: `baseline ${basename(path)} ("${path}")`,
    required,
    found,
    wayOut,
  }, cause);
}
