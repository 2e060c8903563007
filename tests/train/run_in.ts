/** `smallRun` and its variations in a folder, as tests of the loop start them. */
import { load } from "../../src/data/load.ts";
import type { Device } from "../../src/gpu/device.ts";
import { headCompanion } from "../../src/train/head/companion.ts";
import { loadMethod } from "../../src/repro/method_files.ts";
import type { RunSpec } from "../../src/record/spec/spec.ts";
import { train } from "../../src/train/train.ts";

export async function runIn(
  folder: string,
  device: Device,
  spec: RunSpec,
  resume = false,
  said: string[] = [],
) {
  const data = await load("shapes", { split: "train", size: 16, perClass: 4 });
  return await train(device, spec, {
    folder,
    method: await loadMethod(spec.method),
    data,
    resume,
    companion: headCompanion(folder),
    say: (line) => said.push(line),
  });
}
