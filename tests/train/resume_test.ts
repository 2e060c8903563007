import assert from "node:assert/strict";
import { join } from "node:path";
import { digestEvents, eventsOf } from "../../src/record/events.ts";
import { testDevice } from "../nn/check_op.ts";
import { runIn } from "./run_in.ts";
import { smallRun } from "./small_run.ts";

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
