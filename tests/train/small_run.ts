/** A run of ten steps. As a program it runs in the folder it is given, resuming what it finds: what kill tests start. */
import { load } from "../../src/data/load.ts";
import { Device } from "../../src/gpu/device.ts";
import { loadMethod } from "../../src/repro/method_files.ts";
import type { RunSpec } from "../../src/record/spec.ts";
import { train } from "../../src/train/train.ts";

const data = { name: "shapes", split: "train", size: 16, perClass: 4 };

export const smallRun: RunSpec = {
  method: "supervised",
  hyper: {},
  encoder: { name: "tiny", width: 0.5 },
  data,
  recipe: "simclr",
  side: 16,
  batch: 8,
  epochs: 2,
  optimizer: { kind: "adamw", lr: { kind: "cosine", base: 1e-3, steps: 10 }, weightDecay: 0.01 },
  seed: 4,
  evaluation: { every: 1, test: { ...data, split: "test" }, k: 20, T: 0.1 },
  checkpointEvery: 4,
};

if (import.meta.main) {
  const device = await Device.open();
  const images = await load(data.name, data);
  const method = await loadMethod(smallRun.method);
  await train(device, smallRun, { folder: Deno.args[0]!, method, data: images, resume: true });
  device.close();
}
