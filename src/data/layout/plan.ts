/**
 * What one split of a dataset holds, known before any pixel is decoded: names, labels and classes in order, and a
 * way to decode a chosen subset in one pass over the bytes.
 */
import { AssayError, failure } from "../../base/error.ts";
import type { Manifest } from "../manifest.ts";
import { UNLABELLED } from "../hashes.ts";
import type { Sink } from "../pixels.ts";

/** A split, listed. */
export interface SplitPlan {
  /** Unique names in split order: member paths, or "<member>#<record>". */
  readonly names: readonly string[];
  /** Class of each image, `UNLABELLED` where it has none. */
  readonly labels: Uint32Array;
  readonly classes: readonly string[];
  readonly decoder: string;
  /** Decodes the images at the given positions of the split; position `chosen[i]` becomes image i of the sink. */
  decode(
    chosen: Uint32Array,
    size: number,
    sink: Sink,
    progress?: (done: number) => void,
  ): Promise<void>;
}

/** An error about a split as a whole. */
export function splitError(
  manifest: Manifest,
  split: string,
  required: string,
  found: string,
  wayOut: string,
): AssayError {
  return failure({
    operation: "load",
    object: `split "${split}" of dataset "${manifest.name}"`,
    required,
    found,
    wayOut,
  });
}

/** Throws unless the split has the number of images and classes that the manifest states. */
export function checkCounts(manifest: Manifest, split: string, plan: SplitPlan, where: string): void {
  const wrong = (required: string, found: string): AssayError =>
    splitError(manifest, split, required, `${found} in "${where}"`, "get a fresh copy of the archive");
  const images = manifest.splits[split]!;
  if (plan.names.length !== images) throw wrong(`it must have ${images} images`, `${plan.names.length}`);
  const { count } = manifest.classes;
  if (plan.classes.length !== count) throw wrong(`it must have ${count} classes`, `${plan.classes.length}`);
  const seen = new Set(plan.labels);
  if (seen.has(UNLABELLED)) return;
  if (seen.size !== count) {
    throw wrong(`every one of its ${count} classes must have an image`, `${seen.size} that do`);
  }
}

/** Positions of the first `perClass` images of each class in name order; the split's own order is kept. */
export function firstPerClass(
  manifest: Manifest,
  split: string,
  plan: SplitPlan,
  perClass: number,
): Uint32Array {
  const byClass = new Map<number, number[]>();
  plan.labels.forEach((label, i) => {
    if (label === UNLABELLED) {
      throw splitError(
        manifest,
        split,
        "images must have labels for a subset by class",
        "none",
        "load all of it",
      );
    }
    const list = byClass.get(label);
    if (list) list.push(i);
    else byClass.set(label, [i]);
  });
  const chosen: number[] = [];
  for (const [label, positions] of byClass) {
    if (positions.length < perClass) {
      const found = `${positions.length} of class "${plan.classes[label]}"`;
      throw splitError(
        manifest,
        split,
        `each class must have ${perClass} images`,
        found,
        "ask for fewer per class",
      );
    }
    positions.sort((a, b) => (plan.names[a]! < plan.names[b]! ? -1 : 1));
    chosen.push(...positions.slice(0, perClass));
  }
  return Uint32Array.from(chosen).sort();
}
