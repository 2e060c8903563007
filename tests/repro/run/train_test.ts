import assert from "node:assert/strict";
import { join } from "node:path";
import { load } from "../../../src/data/load.ts";
import type { Device } from "../../../src/gpu/device.ts";
import { digestEvents, eventsOf } from "../../../src/repro/events.ts";
import { headCompanion } from "../../../src/repro/head_companion.ts";
import { loadMethod } from "../../../src/repro/method_files.ts";
import { train } from "../../../src/repro/run/train.ts";
import type { RunSpec } from "../../../src/repro/run/spec.ts";
import { testDevice } from "../../nn/check_op.ts";
import { smallRun } from "./small_run.ts";

async function runIn(folder: string, device: Device, spec: RunSpec, resume = false, said: string[] = []) {
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

/** Takes the end of a log away, as a kill after its last checkpoint does, and changes a byte of that checkpoint. */
async function damageNewest(folder: string): Promise<void> {
  const log = join(folder, "events.jsonl");
  const lines = (await Deno.readTextFile(log)).trimEnd().split("\n");
  const at = lines.findLastIndex((line) => line.includes('"event":"checkpoint"'));
  await Deno.writeTextFile(log, lines.slice(0, at + 1).join("\n") + "\n");
  const file = join(folder, JSON.parse(lines[at]!).file);
  const bytes = await Deno.readFile(file);
  bytes[bytes.length - 5]! ^= 1;
  await Deno.writeFile(file, bytes);
}

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

Deno.test("a damaged last checkpoint is passed over aloud, and the run ends with the same bits", async () => {
  const folder = await Deno.makeTempDir();
  const device = await testDevice();
  try {
    const whole = await runIn(folder, device, smallRun);
    await damageNewest(folder);
    const said: string[] = [];
    const again = await runIn(folder, device, smallRun, true, said);
    assert.equal(said.length, 1);
    assert.match(
      said[0]!,
      /step-0000010.*must have the SHA-256 .* Going on from step 8, the checkpoint before\.$/,
    );
    assert.equal(digestEvents(again), digestEvents(whole));
    for (const { file } of eventsOf(whole, "checkpoint")) await Deno.truncate(join(folder, file), 100);
    await damageNewest(folder);
    await assert.rejects(
      runIn(folder, device, smallRun, true),
      /one of its checkpoints must be whole, found a damaged "checkpoints\/step-0000004.*start the run anew/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("head rows on disk bind a run to its last checkpoint", async () => {
  const folder = await Deno.makeTempDir();
  const device = await testDevice();
  const spec = { ...smallRun, method: "sdiet", hyper: { hidden: 16, projector: 8 } };
  try {
    await runIn(folder, device, spec);
    await damageNewest(folder);
    await assert.rejects(
      runIn(folder, device, spec, true),
      /its last checkpoint must be whole, since its head rows on disk go with no earlier one, found a damaged/,
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
          ? setTimeout(() => child.kill("SIGKILL"), 400 + 290 * ((trial * 5 + attempt * 3) % 7))
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
