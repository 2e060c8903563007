/** A run of ten steps. As a program it runs in the folder it is given, resuming what it finds: what kill tests start. */
import { recipeViews } from "../../src/data/augment/recipes.ts";
import { Device } from "../../src/gpu/device.ts";
import { loadMethod } from "../../src/repro/method_files.ts";
import { parseSpec, type RunSpec, type RunSpecInput } from "../../src/record/spec/spec.ts";
import { loadSplit } from "../../src/train/load_split.ts";
import { train } from "../../src/train/train.ts";

const size = 16;
const data = { name: "shapes", split: "train", size, perClass: 4 };

/** Views of a recipe by name. */
export const viewsOf = (recipe: string, count: number): RunSpecInput["views"] => [
  { count, size, recipe: recipeViews(recipe, 1)[0]! },
];

export const smallInput: RunSpecInput = {
  method: "supervised",
  encoder: { name: "tiny", width: 0.5 },
  data: { train: data, test: { ...data, split: "test" } },
  views: viewsOf("simclr", 1),
  batch: 8,
  stop: { epochs: 2 },
  optimizer: { kind: "adamw", lr: { kind: "cosine", base: 1e-3 }, weightDecay: 0.01 },
  seed: 4,
  checkpointEvery: { steps: 4 },
};

export const smallRun: RunSpec = parseSpec(smallInput);

if (import.meta.main) {
  const device = await Device.open();
  const images = await loadSplit(smallRun.data.train);
  const method = await loadMethod(smallRun.method);
  await train(device, smallRun, { folder: Deno.args[0]!, method, data: images, resume: true });
  device.close();
}
