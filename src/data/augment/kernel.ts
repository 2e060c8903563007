/** An augmented view as one dispatch: u8 sources and the words drawn for them to normalised f32 images. */
import { failure } from "../../base/error.ts";
import { Kernel } from "../../gpu/kernel.ts";
import type { Program } from "../../gpu/program.ts";
import type { Value } from "../../gpu/value.ts";
import { FILTERS } from "../resample.ts";
import source from "../../kernels.wgsl/augment.wgsl" with { type: "text" };
import { blurRadius } from "./blur.ts";
import { centreCrop, drawView, packView, VIEW_WORDS, type ViewId } from "./draw.ts";
import type { Recipe } from "./recipe_schema.ts";
import { statisticsOf } from "./statistics.ts";

const kernel = new Kernel("augment", source);

/** Words that hold a batch of u8 RGB images of `size` x `size`. */
export function sourceWords(batch: number, size: number): number {
  return Math.ceil(batch * size * size * 3 / 4);
}

/** What a view reads: the batch's bytes, u32 (sourceWords), and its drawn words, u32 (N, 16). Both pinned, role `io`. */
export interface ViewInputs {
  readonly source: Value;
  readonly words: Value;
}

/** Records one view (N, side, side, 3) of a batch of `size` x `size` sources. */
export function recordView(
  program: Program,
  inputs: ViewInputs,
  shape: { readonly batch: number; readonly size: number; readonly side: number },
  recipe: Recipe,
  label: string,
): Value {
  const { batch, size, side } = shape;
  if (inputs.source.size !== sourceWords(batch, size) || inputs.words.size !== batch * VIEW_WORDS) {
    throw failure({
      operation: "record",
      object: `view "${label}"`,
      required: `${sourceWords(batch, size)} source words and ${batch * VIEW_WORDS} drawn words are needed`,
      found: `${inputs.source.size} and ${inputs.words.size}`,
      wayOut: "give inputs of the batch's size",
    });
  }
  if (recipe.crop === "centre") centreCrop(size, side); // refuses a store that is too small before anything is written
  const y = program.value([batch, side, side, 3], "f32", label);
  const scratch = program.value([batch, side, side, 3], "f32", `${label} (blur)`);
  const { mean, std } = statisticsOf(recipe.normalise);
  const [mean_r, mean_g, mean_b] = mean, [std_r, std_g, std_b] = std;
  program.dispatch({
    kernel,
    label,
    header: headerOf(recipe),
    read: { source: inputs.source, views: inputs.words },
    write: { y, scratch },
    uniform: {
      ...{ size, side, radius: blurRadius(side) },
      ...{ mean_r, mean_g, mean_b, std_r, std_g, std_b },
    },
    workgroups: [batch],
  });
  return y;
}

/** Header values of the kernel for what a recipe asks for beyond the default. */
function headerOf({ resample, blur }: Recipe): Readonly<Record<string, number>> {
  return {
    ...(resample && { RESAMPLE: FILTERS[resample].support, WIDENS: Number(FILTERS[resample].widens) }),
    ...(blur?.kernel && { PASSES: 5 }),
  };
}

/** The words of a batch's views for the host to write: (N, 16). */
export function viewWords(
  recipe: Recipe,
  ids: Omit<ViewId, "sample">,
  samples: ArrayLike<number>,
  size: number,
  side: number,
): Uint32Array<ArrayBuffer> {
  const words = new Int32Array(samples.length * VIEW_WORDS);
  for (let i = 0; i < samples.length; i++) {
    packView(drawView(recipe, { ...ids, sample: samples[i]! }, size, side), words, i * VIEW_WORDS);
  }
  return new Uint32Array(words.buffer);
}
