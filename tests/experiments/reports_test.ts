import assert from "node:assert/strict";
import { join } from "node:path";
import { checkEvents } from "../../src/record/event_rules.ts";
import { regenerate } from "../../src/repro/reproduce.ts";
import { committedEvidence, reportFolders } from "./committed_reports.ts";

Deno.test("every reference report follows from the logs of its runs, byte for byte", async () => {
  const folders = reportFolders();
  assert.ok(
    folders.some((f) => f.endsWith("table6-smoke")) && folders.some((f) => f.endsWith("table5-smoke")),
  );
  for (const folder of folders) {
    const { table, evidence } = await committedEvidence(folder);
    for (const run of evidence.runs) assert.deepEqual(checkEvents(run.events), [], `${folder} ${run.name}`);
    for (const [path, text] of await regenerate(table, evidence)) {
      assert.equal(await Deno.readTextFile(join(folder, path)), text, `${folder}/${path}`);
    }
  }
});
