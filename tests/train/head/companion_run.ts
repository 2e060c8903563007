/** S-DIET for ten steps with its rows on disk. As a program it runs in the folder it is given, resuming what it finds. */
import { load } from "../../../src/data/load.ts";
import { Device } from "../../../src/gpu/device.ts";
import { headCompanion } from "../../../src/train/head/companion.ts";
import { loadMethod } from "../../../src/repro/method_files.ts";
import { parseSpec, type RunSpec } from "../../../src/record/spec/spec.ts";
import { train } from "../../../src/train/train.ts";
import { smallRun } from "../small_run.ts";

export const headRunSpec: RunSpec = parseSpec({
  ...smallRun,
  method: "sdiet",
  hyper: { projector: 8, hidden: 8, multistep: "lazy" },
});

export async function runIn(folder: string, device: Device, spec = headRunSpec) {
  const data = await load("shapes", { split: "train", size: 16, perClass: 4 });
  const method = await loadMethod(spec.method);
  return await train(device, spec, { folder, method, data, resume: true, companion: headCompanion(folder) });
}

if (import.meta.main) {
  const device = await Device.open();
  await runIn(Deno.args[0]!, device);
  device.close();
}
