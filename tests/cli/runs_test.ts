import assert from "node:assert/strict";
import { join } from "node:path";
import { run } from "../../src/cli/runs.ts";
import { made, writeRun } from "../record/recorded.ts";

async function inFolder(test: (call: (...args: string[]) => Promise<string>, at: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  const { log, error } = console;
  try {
    await test(async (...args) => {
      let out = "";
      console.log = console.error = (text: string) => out += `${text}\n`;
      try {
        assert.equal(await run([...args, "--runs", join(folder, "runs")]), 0);
      } finally {
        Object.assign(console, { log, error });
      }
      return out;
    }, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("runs lists, shows and compares what lies in the folder, without being told of it first", () =>
  inFolder(async (call, folder) => {
    await writeRun(join(folder, "runs/a"), made({ knn: 61 }));
    await writeRun(join(folder, "runs/b"), made({ method: "diet", knn: 62 }));
    assert.deepEqual(JSON.parse(await call("list", "--json")).map((r: { name: string }) => r.name), [
      "a",
      "b",
    ]);
    assert.doesNotMatch(await call("list", "--method", "diet"), /\| a /);
    assert.match(await call("list", "--method", "byol"), /None of 2 runs/);
    assert.match(await call("show", "a"), /1 run-start/);
    assert.equal(JSON.parse(await call("show", "b", "--json")).events.length, 7);
    assert.match(await call("compare", "a", "b"), /\| knn knn +\| +61 \| +62 \|/);
  }));

Deno.test("runs scan adds another folder, and its runs leave with it", () =>
  inFolder(async (call, folder) => {
    await writeRun(join(folder, "elsewhere/c"), made());
    assert.match(await call("scan", join(folder, "elsewhere")), /^1 run below/);
    assert.match(await call("list"), /\| c /);
    await Deno.remove(join(folder, "elsewhere"), { recursive: true });
    assert.match(await call("list"), /elsewhere is gone, and its runs left the index\.\nNo runs below/);
  }));

Deno.test("runs list makes no folder where there is none and says what to name", () =>
  inFolder(async (call, folder) => {
    await assert.rejects(call("list"), /must be a folder, found none; name the folder .* --runs/);
    await assert.rejects(Deno.stat(join(folder, "runs")), Deno.errors.NotFound);
  }));
