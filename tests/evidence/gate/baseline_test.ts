import assert from "node:assert/strict";
import { join } from "node:path";
import { AssayError } from "../../../src/base/error.ts";
import {
  fileOf,
  readBaselines,
  writePlanBaseline,
  writeRunBaseline,
} from "../../../src/evidence/gate/baseline.ts";
import { BASELINES } from "../../../src/evidence/gate/gate.ts";
import { baselines } from "./cases.ts";

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(join(folder, "baselines"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const [run] = baselines().runs.values();

Deno.test("readBaselines gives back what was written, and nothing for a folder that is missing", () =>
  inFolder(async (folder) => {
    assert.deepEqual(await readBaselines(folder), { plans: undefined, runs: new Map() });
    await writePlanBaseline(folder, baselines().plans!);
    await writeRunBaseline(folder, run!, new Map());
    const found = await readBaselines(folder);
    assert.deepEqual(found.plans, baselines().plans);
    assert.deepEqual([...found.runs], [[fileOf(run!), run]]);
  }));

Deno.test("writeRunBaseline keeps the file that an adapter class has", () =>
  inFolder(async (folder) => {
    await writeRunBaseline(folder, run!, new Map([["mine.json", run!]]));
    assert.deepEqual([...(await readBaselines(folder)).runs.keys()], ["mine.json"]);
  }));

Deno.test("readBaselines names the file, the place and the way out of a broken baseline", () =>
  inFolder(async (folder) => {
    const path = await writeRunBaseline(folder, run!, new Map());
    const says = (pattern: RegExp) => (error: unknown) =>
      error instanceof AssayError && pattern.test(error.message);
    const broken = async (change: object, pattern: RegExp) => {
      await Deno.writeTextFile(path, JSON.stringify({ ...run, ...change }));
      await assert.rejects(readBaselines(folder), says(pattern));
    };
    await broken(
      { adapterClass: "b".repeat(64) },
      /adapterClass .* must be the class of the adapter beside it/,
    );
    await broken({ more: 1 }, /Unrecognized key.*; restore it from version control, or delete it/);
    const short = { sdiet: { ...run!.runs["sdiet"]!, seeds: [0, 1] } };
    await broken({ runs: short }, /runs\.sdiet\.metrics\.kNN top-1 .* one value for each of 2 seeds/);
    await Deno.writeTextFile(path, "{");
    await assert.rejects(readBaselines(folder), says(/Cannot read baseline .*it must be JSON/));
    await Deno.writeTextFile(path, JSON.stringify(run));
    await Deno.writeTextFile(join(folder, "z.json"), JSON.stringify(run));
    await assert.rejects(readBaselines(folder), says(/every adapter class has one file/));
  }));

Deno.test("fileOf gives a plain name to any adapter", () => {
  const of = (description: string) => fileOf({ ...run!, adapter: { ...run!.adapter, description } });
  assert.match(of("llvmpipe (LLVM 19.1, 256 bits)"), /^llvmpipe-llvm-19-1-256-bits-[0-9a-f]{8}\.json$/);
  assert.match(
    fileOf({ ...run!, adapter: { ...run!.adapter, description: "", device: "", vendor: "" } }),
    /^adapter-/,
  );
});

Deno.test("readBaselines accepts the committed baselines", async () => {
  const { plans, runs } = await readBaselines(BASELINES);
  assert.ok(Object.keys(plans!.plans).length >= 2);
  assert.ok(runs.size >= 1);
  for (const { runs: methods } of runs.values()) {
    for (const { seeds } of Object.values(methods)) assert.ok(seeds.length >= 5);
  }
});
