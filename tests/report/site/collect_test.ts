import assert from "node:assert/strict";
import { join } from "node:path";
import { AssayError } from "../../../src/base/error.ts";
import { writeZip } from "../../../src/record/zip.ts";
import { collect } from "../../../src/report/site/collect.ts";
import { inFolder, put } from "../../record/synthetic_run.ts";
import { sampleResult, withSampleFolder } from "./sample.ts";

Deno.test("collect finds results and the runs in their folders, and names places as the caller knows them", async () => {
  await withSampleFolder(async (path) => {
    const { results, runs, problems } = await collect([{ path, shownAs: "mine" }]);
    assert.deepEqual(problems, []);
    assert.deepEqual(runs.map((r) => r.name), ["alpha-seed1", "alpha-seed2", "beta-seed1"]);
    assert.deepEqual(runs.map((r) => r.recorded.place)[0], "mine/toy/runs/alpha-seed1");
    assert.deepEqual(results.map((r) => r.place), ["mine/toy/run.json"]);
    assert.deepEqual(new Set(results[0]!.runs), new Set(runs.map((r) => r.digest)));
  });
});

Deno.test("collect leaves out copies and takes results that differ in more than times", async () => {
  await withSampleFolder(async (path) => {
    await put(join(path, "copy/run.json"), await Deno.readTextFile(join(path, "toy/run.json")));
    await put(join(path, "other/run.json"), JSON.stringify({ ...sampleResult, notes: ["Else."] }));
    const { results, runs } = await collect([{ path, shownAs: "a" }, { path, shownAs: "b" }]);
    assert.equal(results.length, 2);
    assert.equal(runs.length, 3);
    assert.ok(results.every((r) => r.place.startsWith("a/")));
  });
});

Deno.test("collect reads bundles that are zips, and a root that is itself a run", async () => {
  await withSampleFolder(async (path) => {
    const run = join(path, "toy/runs/alpha-seed1");
    const files = new Map<string, Uint8Array>();
    for (const name of ["spec.json", "events.jsonl"]) {
      files.set(`runs/r/${name}`, await Deno.readFile(join(run, name)));
    }
    files.set("run.json", new TextEncoder().encode(JSON.stringify(sampleResult)));
    await inFolder(async (folder) => {
      await put(join(folder, "b.zip"), writeZip(files));
      const { results, runs } = await collect([{ path: folder, shownAs: "z" }]);
      assert.deepEqual(results.map((r) => [r.place, r.runs.length]), [["z/b.zip/run.json", 1]]);
      assert.deepEqual(runs.map((r) => r.name), ["r"]);
    });
    const alone = await collect([{ path: run, shownAs: "alpha-seed1" }]);
    assert.deepEqual(alone.runs.map((r) => r.name), ["alpha-seed1"]);
  });
});

Deno.test("collect says what it could not read and goes on", async () => {
  await withSampleFolder(async (path) => {
    await put(join(path, "bad/run.json"), "{");
    await put(join(path, "torn/events.jsonl"), '{"event":"dance"}\n');
    await put(join(path, "torn/spec.json"), "{}");
    await put(join(path, "half.zip"), "PK no zip");
    const { results, runs, problems } = await collect([{ path, shownAs: "s" }]);
    assert.equal(results.length, 1);
    assert.equal(runs.length, 3);
    assert.equal(problems.length, 3);
    for (const part of ["s/bad/run.json", "s/torn/events.jsonl:1", "s/half.zip"]) {
      assert.ok(problems.some((p) => p.includes(part)), part);
    }
  });
});

Deno.test("collect refuses a root that is missing or a file", async () => {
  await inFolder(async (folder) => {
    await put(join(folder, "file"), "x");
    for (const name of ["none", "file"]) {
      await assert.rejects(collect([{ path: join(folder, name), shownAs: name }]), AssayError);
    }
  });
});
