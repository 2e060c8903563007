/**
 * Specifications of the format assay-run-1, which said less: numbers instead of modes, schedules in steps, one kNN probe,
 * and a linear probe that stood in the events alone. What they left to the program is filled in with what the program
 * of that format did, so that a run made with it still answers the specification that a table asks for today.
 */
import { z } from "zod";
import type { Event } from "../record/events.ts";
import { eventsOf } from "../record/events.ts";
import { isOlder } from "../record/spec/identity.ts";
import type { ProbeInput } from "../record/spec/probe.ts";
import { parseSpec, type RunSpec, stepsPerEpoch } from "../record/spec/spec.ts";
import { loadMethod } from "./method_files.ts";
import { completeHyper, viewsOf } from "./table/resolve.ts";

const data = z.object({ name: z.string(), split: z.string(), size: z.int(), perClass: z.int().nullable() });

const schema = z.strictObject({
  method: z.string(),
  hyper: z.record(z.string(), z.number()),
  encoder: z.strictObject({ name: z.string(), width: z.number() }),
  data,
  recipe: z.string(),
  side: z.int(),
  batch: z.int(),
  epochs: z.int(),
  optimizer: z.object({
    kind: z.enum(["sgd", "adamw", "lars"]),
    lr: z.union([
      z.number(),
      z.strictObject({
        kind: z.literal("cosine"),
        base: z.number(),
        steps: z.int(),
        warmup: z.int().default(0),
      }),
    ]),
    weightDecay: z.number().default(0),
    momentum: z.number().exactOptional(),
  }),
  seed: z.int(),
  evaluation: z.strictObject({ every: z.int(), test: data, k: z.int(), T: z.number() }),
  checkpointEvery: z.int(),
});

/** Modes that were numbers. */
const WORDS: Readonly<Record<string, (value: number) => Record<string, string | boolean | number>>> = {
  normalise: (v) => ({ normalise: v !== 0 }),
  normaliseRows: (v) => ({ normaliseRows: v !== 0 }),
  firstVisitDecay: (v) => ({ firstVisitDecay: v !== 0 }),
  rowCorrection: (v) => ({ rowCorrection: v !== 0 }),
  multistep: (v) => ({ multistep: ["none", "eager", "lazy"][v]! }),
  everyRow: (v) => ({ softmaxOver: v === 0 ? "batch" : "all" }),
  projector: (v) => ({ projector: v === 0 ? "none" : v }),
};

/**
 * The specification of a recorded run in today's format; undefined for one that neither format describes. `events` say
 * how many images there were and which probes were taken.
 */
export async function currentSpec(
  recorded: Readonly<Record<string, unknown>>,
  events: readonly Event[],
): Promise<RunSpec | undefined> {
  if (!isOlder(recorded)) return parseSpec(recorded);
  const { data: old } = schema.safeParse(recorded);
  const [start] = eventsOf(events, "run-start");
  const images = start?.data.train?.images;
  if (!old || images === undefined) return undefined;
  const { method: name, encoder, batch, epochs, seed, recipe, side, optimizer, evaluation, checkpointEvery } =
    old;
  const method = await loadMethod(name);
  const perEpoch = stepsPerEpoch(images, batch);
  const { lr } = optimizer;
  const usual = perEpoch * Math.max(1, Math.floor(epochs / 4));
  const evaluated = eventsOf(events, "eval").length > 0;
  const linear = eventsOf(events, "eval").find((e) => e.protocol.probe === "linear")?.protocol.protocol;
  const knn: ProbeInput = { kind: "knn", k: evaluation.k, T: evaluation.T, at: ["start", "end"] };
  return parseSpec({
    method: name,
    hyper: completeHyper(
      method,
      Object.assign(
        {},
        ...Object.entries(old.hyper).map(([letter, v]) => WORDS[letter]?.(v) ?? { [letter]: v }),
      ),
    ),
    encoder,
    data: { train: old.data, test: evaluation.test },
    views: viewsOf(recipe, method, side),
    batch,
    optimizer: {
      ...optimizer,
      lr: typeof lr === "number" ? lr : { kind: "cosine", base: lr.base, warmup: lr.warmup / perEpoch },
    },
    probes: !evaluated ? [] : [
      { ...knn, every: evaluation.every },
      { ...knn, of: "pixels", at: ["start"] },
      ...(typeof linear === "string" ? [{ kind: "linear", protocol: linear } as const] : []),
    ],
    stop: { epochs },
    ...(checkpointEvery !== usual && { checkpointEvery: { steps: checkpointEvery } }),
    seed,
  });
}
