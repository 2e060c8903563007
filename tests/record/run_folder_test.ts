import assert from "node:assert/strict";
import { join } from "node:path";
import { AssayError } from "../../src/base/error.ts";
import { writeZip } from "../../src/record/zip.ts";
import { readRun } from "../../src/record/run_folder.ts";
import { made, writeRun } from "./recorded.ts";

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const refused = (path: string, pattern: RegExp) =>
  assert.rejects(readRun(path), (error) => error instanceof AssayError && pattern.test(error.message));

Deno.test("readRun gives back what a run's folder holds", () =>
  inFolder(async (folder) => {
    const run = made();
    await writeRun(folder, run);
    assert.deepEqual(await readRun(`${folder}/`), { ...run, place: `${folder}/` });
    await Deno.remove(join(folder, "environment.json"));
    assert.equal((await readRun(folder)).environment, undefined);
  }));

Deno.test("readRun finds the only run of an output, and a named one of several, in folders and zips", () =>
  inFolder(async (folder) => {
    await writeRun(join(folder, "out/runs/a"), made({ seed: 1 }));
    assert.equal((await readRun(join(folder, "out"))).spec["seed"], 1);
    await writeRun(join(folder, "out/runs/b"), made({ seed: 2 }));
    await refused(join(folder, "out"), /must hold one run, found runs\/a, runs\/b; say which/);
    assert.equal((await readRun(join(folder, "out/runs/b"))).spec["seed"], 2);
    const files = new Map<string, Uint8Array>();
    for (const name of ["a", "b"]) {
      for (const file of ["spec.json", "events.jsonl", "environment.json"]) {
        files.set(`runs/${name}/${file}`, await Deno.readFile(join(folder, "out/runs", name, file)));
      }
    }
    const zip = join(folder, "bundle.zip");
    await Deno.writeFile(zip, writeZip(files));
    assert.equal((await readRun(`${zip}/runs/b`)).spec["seed"], 2);
    await refused(zip, /must hold one run/);
    await refused(`${zip}/runs/c`, /must hold the run "runs\/c", found runs\/a, runs\/b/);
  }));

Deno.test("readRun reads a log up to where a kill cut it and calls the run unfinished", () =>
  inFolder(async (folder) => {
    const run = made();
    await writeRun(folder, run);
    const log = join(folder, "events.jsonl");
    const text = await Deno.readTextFile(log);
    await Deno.writeTextFile(log, text.slice(0, -10));
    const cut = await readRun(folder);
    assert.equal(cut.status, "unfinished");
    assert.equal(cut.events.length, run.events.length - 1);
  }));

Deno.test("readRun says in one sentence what is no run", () =>
  inFolder(async (folder) => {
    await refused(join(folder, "nowhere"), /it must be a run's folder, or a bundle, found/);
    await refused(folder, /it must hold one run, found none; name a folder with spec.json/);
    await Deno.writeTextFile(join(folder, "file"), "x");
    await refused(join(folder, "file"), /found a file; name the folder that holds it/);
    await Deno.writeTextFile(join(folder, "x.zip"), "PK no zip");
    await refused(join(folder, "x.zip"), /no zip archive or a damaged one/);
    await Deno.writeTextFile(join(folder, "spec.json"), "{}");
    await refused(folder, /events.jsonl beside spec.json, found none/);
  }));

Deno.test("readRun refuses broken, edited and exchanged files with their place", () =>
  inFolder(async (folder) => {
    await writeRun(folder, made());
    const log = join(folder, "events.jsonl");
    const text = await Deno.readTextFile(log);
    await Deno.writeTextFile(log, text.replace('"epoch":0', '"epoch":1'));
    await refused(folder, /events.jsonl:2: rule epoch is broken/);
    await Deno.writeTextFile(log, `{\n${text}`);
    await refused(folder, /events.jsonl:1: every line must be a JSON object/);
    await Deno.writeTextFile(log, text);
    await Deno.writeTextFile(join(folder, "environment.json"), "{}");
    await refused(folder, /environment.json must be as its schema has it/);
    await Deno.writeTextFile(join(folder, "spec.json"), '{"seed":9}');
    await refused(folder, /must be the specification of its events/);
    await Deno.writeTextFile(join(folder, "spec.json"), "no JSON");
    await refused(folder, /spec.json must be JSON/);
    await Deno.remove(join(folder, "spec.json"));
    await refused(folder, /spec.json beside events.jsonl, found none/);
  }));
