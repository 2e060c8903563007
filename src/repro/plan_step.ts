/** One training step by plan: bytes by role, and what of them is a head with one row an image. Pure: no device, no data. */
import { canonical } from "../base/canonical.ts";
import type { Role } from "../base/roles.ts";
import { plan } from "../gpu/planner.ts";
import { storeBytes } from "../train/head/format.ts";
import { stepOf } from "../train/trainer.ts";
import { parseSpec, type RunSpec } from "../record/spec/spec.ts";
import { loadMethod } from "./method_files.ts";
import type { Part } from "./table/part.ts";
import { countsOf, specOf } from "./table/resolve.ts";

/** Bytes of a head with one row an image; what a method does not have is absent. */
export interface HeadBytes {
  /** On the GPU: weights or the batch's rows, moments and gradient. */
  readonly gpu: number;
  /** Of a dense head, without padding. */
  readonly weights?: number;
  readonly moments?: number;
  readonly gradient?: number;
  /** Logits over all images, (B, N). */
  readonly logits?: number;
  /** S-DIET's file: head, moments, last visit and checksum of every row. */
  readonly disk?: number;
}

export interface StepPlan {
  readonly peakBytes: number;
  readonly roles: Readonly<Record<Role, number>>;
  /** Arithmetic of one step. */
  readonly flops: number;
  readonly images: number;
  readonly head?: HeadBytes;
}

const known = new Map<string, Promise<StepPlan>>();

/**
 * The ImageNet step whose memory papers compare: ResNet-50, views of 224 pixels from images kept at 256, batch 256. Every
 * method keeps the same.
 */
export const IMAGENET: Part = {
  encoder: "resnet50",
  size: 224,
  stored: 256,
  batch: 256,
  data: "imagenet-1k",
  epochs: 1,
};

/** Plans the step that a part decides, over `part.images` training images or those of its dataset. Plans are kept. */
export async function planStep(part: Part): Promise<StepPlan> {
  const { images, ...rest } = part;
  const spec = parseSpec(await specOf(rest, { seed: 0 }));
  return await planSpec(spec, images);
}

/** Plans the step of a specification. */
export function planSpec(spec: RunSpec, images?: number): Promise<StepPlan> {
  const { method, hyper, encoder, views, batch, optimizer, data, teacher } = spec;
  const key = canonical([
    method,
    hyper,
    encoder,
    views,
    batch,
    optimizer,
    data.train,
    teacher ?? null,
    images ?? null,
  ]);
  const found = known.get(key) ?? planned(spec, images);
  known.set(key, found);
  return found;
}

async function planned(spec: RunSpec, assumed: number | undefined): Promise<StepPlan> {
  const { name, split, perClass, size } = spec.data.train;
  const counts = await countsOf(name, split, perClass);
  const images = assumed ?? counts.images;
  const step = stepOf(spec, await loadMethod(spec.method), { size, images, classes: counts.classes });
  const { peakBytes, roles } = plan(step.program);
  const head = step.trace.parameters.get("head.weight")?.value;
  const pinned = (role: Role): number =>
    step.program.arenas.filter((arena) => arena.role === role)
      .flatMap((arena) => arena.members.filter((v) => v.label.includes("head.weight")))
      .reduce((sum, v) => sum + v.bytes, 0);
  const logits = step.program.dispatches.flatMap((d) => [...d.write.values()])
    .find((v) => v.shape.length === 2 && v.shape[0] === spec.batch && v.shape[1] === images);
  const rows = step.headRows;
  const dense = head &&
    { weights: pinned("params"), gradient: pinned("grads"), moments: pinned("optimizer") };
  return {
    peakBytes,
    roles,
    flops: step.program.flops,
    images,
    ...(dense && head.shape.includes(images) && {
      head: {
        ...dense,
        gpu: dense.weights + dense.gradient + dense.moments,
        ...(logits && { logits: logits.bytes }),
      },
    }),
    ...(rows && {
      head: {
        gpu: rows.rows.bytes + rows.batch * rows.width * 4,
        disk: storeBytes({ rows: images, width: rows.width, seed: 0, specHash: "" }),
      },
    }),
  };
}
