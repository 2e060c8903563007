import assert from "node:assert/strict";
import { load } from "../../src/data/load.ts";
import { describeEnvironment } from "../../src/record/environment.ts";
import { readEventLog } from "../../src/record/event_log.ts";
import { checkEvents } from "../../src/record/event_rules.ts";
import { digestEvents } from "../../src/record/events.ts";
import { measureSteps } from "../../src/repro/measure.ts";
import { specOf, splitsOf } from "../../src/repro/presets.ts";
import { PRESETS } from "../../src/repro/presets.ts";
import { measuredOf, recordedRuns } from "../../src/repro/table.ts";
import { testDevice } from "../nn/check_op.ts";

Deno.test("measureSteps records runs whose allocation is their plan, the same again except for times", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const device = await testDevice();
    const data = await load("shapes", { split: "train", size: 16, perClass: 4 });
    const preset = { ...PRESETS.smoke, batch: 8, side: 16, encoder: { name: "tiny", width: 0.5 } };
    const splits = splitsOf("shapes", "smoke", 16);
    const specs = ["sdiet", "simclr"].map((method) =>
      specOf(preset, method, { seed: 0, epochs: 1, images: data.labels.length, ...splits })
    );
    const environment = await describeEnvironment(device.fingerprint);
    const before = { ...device.allocated };
    const options = { folder: `${folder}/runs`, data, environment, block: 2, say: () => {} };
    await measureSteps(device, specs, options);
    const first = await recordedRuns(folder);
    assert.deepEqual(first.map((r) => r.name), ["measured-sdiet", "measured-simclr"]);
    for (const run of first) {
      assert.deepEqual(checkEvents(run.events), []);
      const { peakBytes, plannedBytes, stepMs } = measuredOf(run)!;
      assert.equal(peakBytes, plannedBytes);
      assert.ok(stepMs > 0);
    }
    // One after the other instead of in turns: only times may differ.
    await measureSteps(device, specs, { ...options, together: 0 });
    const second = await recordedRuns(folder);
    assert.deepEqual(second.map((r) => digestEvents(r.events)), first.map((r) => digestEvents(r.events)));
    assert.deepEqual(device.allocated, before, "a measurement keeps memory");
    // What ended is kept, what was cut off or specified otherwise is made again.
    const log = (name: string) => `${folder}/runs/measured-${name}/events.jsonl`;
    const kept = await Deno.readTextFile(log("sdiet"));
    const whole = (await Deno.readTextFile(log("simclr"))).trimEnd().split("\n");
    await Deno.writeTextFile(log("simclr"), whole.slice(0, -1).join("\n") + "\n");
    const said: string[] = [];
    const say = (line: string) => said.push(line);
    await measureSteps(device, specs, { ...options, resume: true, say });
    assert.match(said[0]!, /^Kept 1 measurements found in /);
    assert.equal(await Deno.readTextFile(log("sdiet")), kept);
    assert.equal((await readEventLog(log("simclr"))).events.at(-1)?.event, "run-stop");
    await measureSteps(device, specs.map((spec) => ({ ...spec, seed: 1 })), { ...options, resume: true });
    assert.notEqual(await Deno.readTextFile(log("sdiet")), kept);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
