import assert from "node:assert/strict";
import { join } from "node:path";
import { adapterName, recordedRuns } from "../../src/repro/recorded_runs.ts";
import { adapter, made, writeRun } from "../record/recorded.ts";

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("recordedRuns reads every run of a folder by name, and none where there is no folder", () =>
  inFolder(async (folder) => {
    assert.deepEqual(await recordedRuns(folder), []);
    for (const [name, seed] of [["b", 1], ["a", 0]] as const) {
      await writeRun(join(folder, "runs", name), made({ seed }));
    }
    await Deno.writeTextFile(join(folder, "runs", "note.txt"), "no run");
    const runs = await recordedRuns(folder);
    assert.deepEqual(runs.map(({ name, spec }) => [name, spec["seed"]]), [["a", 0], ["b", 1]]);
    assert.deepEqual(runs[0]!.events, made({ seed: 0 }).events);
    await writeRun(join(folder, "runs", "c"), made({ seed: 2 }));
    await Deno.writeTextFile(join(folder, "runs", "c", "spec.json"), "{");
    await assert.rejects(recordedRuns(folder), /Cannot read the run's specification ".*c\/spec.json"/);
  }));

Deno.test("recordedRuns takes logs that a kill cut off where it is asked to", () =>
  inFolder(async (folder) => {
    const run = join(folder, "runs", "a");
    await writeRun(run, made({ end: "killed" }));
    const log = join(run, "events.jsonl");
    await Deno.writeTextFile(log, `${await Deno.readTextFile(log)}{"event":"run-st`);
    await assert.rejects(recordedRuns(folder));
    await Deno.mkdir(join(folder, "runs", "empty"));
    const runs = await recordedRuns(folder, { unfinished: true });
    assert.deepEqual(runs.map(({ name, events }) => [name, events.length]), [[
      "a",
      made({ end: "killed" }).events.length,
    ]]);
  }));

Deno.test("adapterName is the most that an adapter says of itself", () => {
  assert.equal(adapterName(adapter), adapter.description);
  assert.equal(adapterName({ ...adapter, description: "" }), adapter.device);
  assert.equal(adapterName({ ...adapter, description: "", device: "", vendor: "" }), "unnamed adapter");
});
