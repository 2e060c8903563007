import assert from "node:assert/strict";
import { canonical, without } from "../../../src/base/canonical.ts";
import { TIME_FIELDS } from "../../../src/record/events.ts";
import { loadExperiment } from "../../../src/repro/experiment_files.ts";
import { committedResult, REPORTS } from "../committed_reports.ts";

Deno.test("a fresh table6 at smoke scale agrees with the committed one in everything but times", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const experiment = await loadExperiment("sdiet/table6");
    const fresh = await experiment.run({
      scale: "smoke",
      dataset: undefined,
      methods: undefined,
      seeds: undefined,
      out: folder,
      resume: false,
      say: () => {},
    });
    const committed = await committedResult(`${REPORTS}table6-smoke`);
    // Another adapter has another name; its bytes are the same.
    const comparable = (result: unknown) =>
      JSON.parse(canonical(without(result, new Set([...TIME_FIELDS, "adapter"]))));
    assert.deepEqual(comparable(fresh), comparable(committed));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
