import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hashFile } from "../../../src/base/sha256.ts";
import { PhiloxStream } from "../../../src/base/random.ts";
import { digestEvents, eventsOf } from "../../../src/record/events.ts";
import { HEAD_FILE } from "../../../src/train/head/companion.ts";
import { testDevice } from "../../nn/check_op.ts";
import { runIn } from "./companion_run.ts";
import { killIfAlive } from "../kill.ts";
import { smallRun } from "../small_run.ts";

const script = fileURLToPath(new URL("./companion_run.ts", import.meta.url));

Deno.test("a run with head rows on disk, killed at random points, ends with the same state, head file and events", async () => {
  const folder = await Deno.makeTempDir();
  const random = new PhiloxStream([Date.now() >>> 0, 0]);
  try {
    const whole = await runIn(join(folder, "whole"), await testDevice());
    const [stop] = eventsOf(whole, "run-stop");
    assert.equal(stop!.peakBytes, stop!.plannedBytes);
    const head = (await hashFile(join(folder, "whole", HEAD_FILE))).sha256;
    const killed = join(folder, "killed");
    let kills = 0;
    for (let attempt = 0; attempt < 5; attempt++) {
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
      const timer = setTimeout(() => killIfAlive(child), 500 + 1200 * random.uniform());
      if ((await child.status).signal === "SIGKILL") kills++;
      clearTimeout(timer);
    }
    assert.ok(kills > 0, "no attempt was killed");
    const resumed = await runIn(killed, await testDevice());
    assert.equal(eventsOf(resumed, "run-stop")[0]!.state, stop!.state);
    assert.equal((await hashFile(join(killed, HEAD_FILE))).sha256, head);
    assert.equal(digestEvents(resumed), digestEvents(whole));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a method without head rows trains with the same companion and leaves no head file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const events = await runIn(folder, await testDevice(), smallRun);
    assert.equal(eventsOf(events, "run-stop")[0]!.status, "completed");
    await assert.rejects(Deno.stat(join(folder, HEAD_FILE)), Deno.errors.NotFound);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
