import assert from "node:assert/strict";
import type { ExperimentContext } from "../../src/repro/experiment.ts";
import { reproduce } from "../../src/repro/reproduce.ts";
import { smallResult } from "../report/small_result.ts";

Deno.test("reproduce hands the context on and leaves the whole report in the folder", async () => {
  const folder = await Deno.makeTempDir();
  try {
    let seen: ExperimentContext | undefined;
    const context: ExperimentContext = {
      scale: "smoke",
      dataset: "shapes",
      methods: ["one"],
      seeds: [3],
      out: `${folder}/new/place`,
      resume: false,
      say: () => {},
    };
    const experiment = {
      id: "paper/table1",
      title: "t",
      summary: "s",
      needsAdapter: false,
      takes: [],
      run: (c: ExperimentContext) => {
        seen = c;
        return Promise.resolve(smallResult);
      },
    };
    assert.equal(await reproduce(experiment, context), smallResult);
    assert.equal(seen, context);
    const names = [...Deno.readDirSync(context.out)].map((e) => e.name).sort();
    assert.deepEqual(names, ["plots", "report.html", "report.md", "run.json"]);
    assert.deepEqual(JSON.parse(await Deno.readTextFile(`${context.out}/run.json`)), smallResult);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
