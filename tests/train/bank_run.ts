/**
 * A method whose bank is filled by a pass of the untrained network, and whose step has two replays: an inner one that
 * changes nothing but the parameters, and an outer one. As a program it trains in the folder it is given, resuming what it finds.
 */
import { load } from "../../src/data/load.ts";
import { Device } from "../../src/gpu/device.ts";
import { method as supervised } from "../../src/methods/supervised.ts";
import { rowsOfState, updateBank } from "../../src/nn/bank.ts";
import type { Method } from "../../src/nn/method.ts";
import { l2Normalise } from "../../src/nn/ops/l2.ts";
import { mse } from "../../src/nn/ops/loss.ts";
import { STATISTICS_EFFECT } from "../../src/nn/ops/norm.ts";
import { dot } from "../../src/nn/ops/reduce.ts";
import { gatherRows } from "../../src/nn/ops/rows.ts";
import type { RunSpec } from "../../src/record/spec/spec.ts";
import { train } from "../../src/train/train.ts";
import { smallRun } from "./small_run.ts";

/** Images that the run sees: no multiple of its batch. */
export const bankData = await load("shapes", { split: "train", size: 16, perClass: 4 });

export const bankMethod: Method = {
  ...supervised,
  name: "bank",
  views: 1,
  hyper: {},
  trace(s, [x]) {
    const { t } = s;
    const { batch, images } = s.setup;
    const encoder = s.encoder();
    const z = l2Normalise(t, encoder.apply(x!));
    t.program.output(z);
    const index = s.batchInput("index", [batch], "u32");
    const bank = rowsOfState(s, "bank", images, encoder.features);
    updateBank(t, bank, index, z, { momentum: 0.5, normalise: false });
    const old = gatherRows(t, bank, index);
    s.metric("agreement", dot(t, z, old, 1 / batch));
    return { name: "to bank", loss: mse(t, z, old), wrt: s.parameters("encoder") };
  },
  replays: () => [{ name: "inner", effects: ["optimizer"] }, { name: "outer" }],
  initialPass: () => ({
    name: "fill the bank",
    effects: ["bank", STATISTICS_EFFECT],
    scalars: () => ({ "momentum of bank": 0 }),
  }),
};

export const bankRun: RunSpec = { ...smallRun, method: "bank", batch: 12 };

if (import.meta.main) {
  const device = await Device.open();
  await train(device, bankRun, { folder: Deno.args[0]!, method: bankMethod, data: bankData, resume: true });
  device.close();
}
