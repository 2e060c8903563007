import assert from "node:assert/strict";
import { join } from "node:path";
import { scanRuns } from "../../../src/record/index/scan.ts";
import { made, writeRun } from "../recorded.ts";

Deno.test("scanRuns finds runs at any depth and keeps a folder it cannot read as a broken line", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await writeRun(join(folder, "table6/runs/a"), made());
    await writeRun(join(folder, "b"), made({ seed: 1 }));
    await Deno.writeTextFile(join(folder, "b/events.jsonl"), "{}\n");
    const [b, a] = await scanRuns(folder);
    assert.deepEqual([a!.name, a!.status, a!.problem], ["a", "completed", null]);
    assert.deepEqual([b!.name, b!.status, b!.method], ["b", "broken", null]);
    assert.match(b!.problem!, /events.jsonl:1: "event" must be one of/);
    await assert.rejects(scanRuns(join(folder, "nowhere")), /Cannot scan .* found none; name a folder/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
