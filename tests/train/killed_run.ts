/**
 * The runs that tests of many kills start as programs of their own. Arguments: a method and the run's folder; a run found
 * there is resumed. Says `begins` when the device and the data are there, so that a test can aim behind that.
 */
import { load } from "../../src/data/load.ts";
import { Device } from "../../src/gpu/device.ts";
import { headCompanion } from "../../src/train/head/companion.ts";
import { loadMethod } from "../../src/repro/method_files.ts";
import type { Event } from "../../src/record/events.ts";
import type { RunSpec } from "../../src/record/spec.ts";
import { train } from "../../src/train/train.ts";
import { smallRun } from "./small_run.ts";

/** Forty steps with a checkpoint every third: most kills fall between two checkpoints, some into one. */
export function killedRun(method: string): RunSpec {
  const lr = { kind: "cosine", base: 1e-3, steps: 40 } as const;
  return {
    ...smallRun,
    method,
    hyper: { projector: 16, hidden: 16 },
    epochs: 8,
    checkpointEvery: 3,
    optimizer: { kind: "adamw", lr, weightDecay: 0.05 },
  };
}

/** Trains the run to its end, from where its folder stands. */
export async function finish(device: Device, method: string, folder: string): Promise<readonly Event[]> {
  const spec = killedRun(method);
  return await train(device, spec, {
    folder,
    method: await loadMethod(method),
    data: await load(spec.data.name, { split: "train", size: spec.data.size, perClass: 4 }),
    resume: true,
    companion: headCompanion(folder),
  });
}

if (import.meta.main) {
  const device = await Device.open();
  console.log("begins");
  await finish(device, Deno.args[0]!, Deno.args[1]!);
  device.close();
}
