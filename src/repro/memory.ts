/** Memory of a method's ImageNet step by plan, and what of it is the head. Pure: no device, no data. */
import { plan } from "../gpu/planner.ts";
import type { Role } from "../base/roles.ts";
import { loadMethod } from "./method_files.ts";
import { IMAGENET_STEP, optimizerOf, presetOf } from "./presets.ts";
import { stepOf } from "../train/trainer.ts";

export interface MemoryPlan {
  readonly method: string;
  /** Augmented views of each image a step sees. */
  readonly views: number;
  readonly optimizer: string;
  readonly images: number;
  readonly peakBytes: number;
  readonly roles: Readonly<Record<Role, number>>;
  /** Pinned tensors of a head with one row an image, without padding: weights, gradient and moments. */
  readonly denseHead?: { readonly weights: number; readonly gradient: number; readonly moments: number };
  /** Logits over all images, (B, N). */
  readonly denseLogits?: number;
  /** Rows of the batch with both moments, and their gradient; width m. */
  readonly headRows?: { readonly rows: number; readonly gradient: number; readonly width: number };
}

/** Plans a method's step at the paper's scale over a training set of so many images. */
export async function planImagenet(name: string, images: number = IMAGENET_STEP.images): Promise<MemoryPlan> {
  const preset = presetOf(IMAGENET_STEP.methods, name);
  const method = await loadMethod(name);
  const step = stepOf(
    { ...IMAGENET_STEP, hyper: preset.hyper, recipe: preset.recipe, optimizer: optimizerOf(preset, 1) },
    method,
    { size: IMAGENET_STEP.stored, images, classes: IMAGENET_STEP.classes },
  );
  const { peakBytes, roles } = plan(step.program);
  const head = step.trace.parameters.get("head.weight")?.value;
  const pinned = (role: Role): number =>
    step.program.arenas.filter((arena) => arena.role === role)
      .flatMap((arena) => arena.members.filter((v) => v.label.includes("head.weight")))
      .reduce((sum, v) => sum + v.bytes, 0);
  const logits = step.program.dispatches.flatMap((d) => [...d.write.values()])
    .find((v) => v.shape.length === 2 && v.shape[0] === IMAGENET_STEP.batch && v.shape[1] === images);
  const rows = step.headRows;
  return {
    method: name,
    views: method.views,
    optimizer: preset.optimizer,
    images,
    peakBytes,
    roles,
    ...(head && {
      denseHead: { weights: pinned("params"), gradient: pinned("grads"), moments: pinned("optimizer") },
    }),
    ...(head && logits && { denseLogits: logits.bytes }),
    ...(rows && {
      headRows: { rows: rows.rows.bytes, gradient: rows.batch * rows.width * 4, width: rows.width },
    }),
  };
}
