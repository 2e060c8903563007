/** The table file that CONTRIBUTING.md shows. */
import assert from "node:assert/strict";
import { loadTableFile } from "../src/repro/experiment_files.ts";
import { estimateOf } from "../src/repro/table/estimate.ts";

Deno.test("the table of CONTRIBUTING.md loads from a folder outside the checkout and has the runs that the page says", async () => {
  const page = await Deno.readTextFile(new URL("../CONTRIBUTING.md", import.meta.url));
  const [, example] = /```ts\n([\s\S]*?)```/.exec(page)!;
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/mine.ts`, example!);
    const { table } = await loadTableFile(`${folder}/mine.ts`);
    assert.match(page, /four runs of 30 steps/);
    const { runs, flops } = await estimateOf(table!, "smoke");
    assert.equal(runs, 4);
    assert.ok(flops > 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
