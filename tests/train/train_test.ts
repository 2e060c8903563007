import assert from "node:assert/strict";
import { join } from "node:path";
import { digestEvents, eventsOf } from "../../src/record/events.ts";
import { testDevice } from "../nn/check_op.ts";
import { killIfAlive } from "./kill.ts";
import { runIn } from "./run_in.ts";
import { smallRun } from "./small_run.ts";

Deno.test("train writes a log that says what happened, and a finished run is not trained again", async () => {
  const folder = await Deno.makeTempDir();
  const device = await testDevice();
  try {
    const events = await runIn(folder, device, smallRun);
    const cut = join(folder, "checkpoints", "step-0000004.safetensors.77.partial");
    await Deno.writeTextFile(cut, "a kill while writing left this");
    const [start] = eventsOf(events, "run-start");
    const [stop] = eventsOf(events, "run-stop");
    assert.equal(start!.steps, 10);
    assert.equal(stop!.status, "completed");
    assert.equal(stop!.peakBytes, stop!.plannedBytes);
    assert.deepEqual(eventsOf(events, "checkpoint").map((e) => e.step), [4, 8, 10]);
    assert.equal(eventsOf(events, "metrics").reduce((n, e) => n + e.series.loss!.length, 0), 10);
    assert.equal(digestEvents(await runIn(folder, device, smallRun, true)), digestEvents(events));
    await assert.rejects(Deno.stat(cut), Deno.errors.NotFound);
    await assert.rejects(runIn(folder, device, smallRun), /the folder must hold no run/);
    await assert.rejects(
      runIn(folder, device, { ...smallRun, seed: 9 }, true),
      /its specification must have seed 9, found seed 4; resume with the options that started it/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a run killed at random points resumes and ends with the same bits and the same events", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const whole = await runIn(join(folder, "whole"), await testDevice(), smallRun);
    const script = new URL("./small_run.ts", import.meta.url).pathname;
    for (let trial = 0; trial < 3; trial++) {
      const killed = join(folder, `killed${trial}`);
      let status: Deno.CommandStatus | undefined;
      for (let attempt = 0; attempt < 12 && !status?.success; attempt++) {
        const child = new Deno.Command(Deno.execPath(), {
          args: [
            "run",
            "--quiet",
            "--no-check",
            "--unstable-webgpu",
            "--allow-read",
            "--allow-write",
            "--allow-env",
            "--allow-sys",
            script,
            killed,
          ],
          stdout: "null",
          stderr: "null",
        }).spawn();
        // The last attempts run to the end; the others die somewhere between start and end.
        const timer = attempt < 4
          ? setTimeout(() => killIfAlive(child), 400 + 290 * ((trial * 5 + attempt * 3) % 7))
          : undefined;
        status = await child.status;
        clearTimeout(timer);
      }
      assert.ok(status?.success);
      const events = await runIn(killed, await testDevice(), smallRun, true);
      assert.equal(digestEvents(events), digestEvents(whole));
      assert.equal(eventsOf(events, "run-stop")[0]!.state, eventsOf(whole, "run-stop")[0]!.state);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
