/** Splits that are computed: `shapes`. */
import { failure } from "../../base/error.ts";
import type { Manifest } from "../manifest.ts";
import { drawShape, shapeLabel, SHAPES_GENERATOR, type ShapesSplit } from "../shapes/generate.ts";
import { SHAPE_CLASSES } from "../shapes/silhouettes.ts";
import type { SplitPlan } from "./plan.ts";

/** Name of sample i; padded so that name order is number order. */
export function shapeName(split: string, index: number): string {
  return `${split}/${String(index).padStart(8, "0")}`;
}

/** Lists one split of `shapes`. Errors: a split the generator does not know. */
export function planShapes(manifest: Manifest, split: string): SplitPlan {
  if (split !== "train" && split !== "test") {
    throw failure({
      operation: "generate",
      object: `split "${split}" of dataset "${manifest.name}"`,
      required: `the generator "${SHAPES_GENERATOR}" makes train and test`,
      found: `"${split}"`,
      wayOut: "use train or test",
    });
  }
  const side: ShapesSplit = split;
  const count = manifest.splits[split]!;
  return {
    names: Array.from({ length: count }, (_, i) => shapeName(split, i)),
    labels: Uint32Array.from({ length: count }, (_, i) => shapeLabel(i)),
    classes: SHAPE_CLASSES,
    decoder: SHAPES_GENERATOR,
    decode(chosen, size, sink, progress) {
      chosen.forEach((position, i) => {
        const { out, at } = sink.place(i);
        drawShape(side, position, size, out, at);
        sink.done(i);
        progress?.(i + 1);
      });
      return Promise.resolve();
    },
  };
}
