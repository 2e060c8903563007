/**
 * The runs that tests of many kills start as programs of their own. Arguments: a method and the run's folder; a run found
 * there is resumed. Says `begins` when the device and the data are there, so that a test can aim behind that.
 */
import { Device } from "../../src/gpu/device.ts";
import { headCompanion } from "../../src/train/head/companion.ts";
import { loadMethod } from "../../src/repro/method_files.ts";
import type { Event } from "../../src/record/events.ts";
import { parseSpec, type RunSpec } from "../../src/record/spec/spec.ts";
import { loadSplit } from "../../src/train/load_split.ts";
import { train } from "../../src/train/train.ts";
import { smallInput, viewsOf } from "./small_run.ts";

/** Forty steps with a checkpoint every third: most kills fall between two checkpoints, some into one. */
export function killedRun(method: string): RunSpec {
  return parseSpec({
    ...smallInput,
    method,
    hyper: { projector: 16, hidden: 16 },
    views: viewsOf("simclr", method === "sdiet" ? 1 : 2),
    stop: { epochs: 8 },
    checkpointEvery: { steps: 3 },
    optimizer: { kind: "adamw", lr: { kind: "cosine", base: 1e-3 }, weightDecay: 0.05 },
  });
}

/** Trains the run to its end, from where its folder stands. */
export async function finish(device: Device, method: string, folder: string): Promise<readonly Event[]> {
  const spec = killedRun(method);
  return await train(device, spec, {
    folder,
    method: await loadMethod(method),
    data: await loadSplit(spec.data.train),
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
