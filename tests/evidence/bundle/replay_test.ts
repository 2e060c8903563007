import assert from "node:assert/strict";
import { sha256 } from "../../../src/base/canonical.ts";
import { readContent } from "../../../src/evidence/bundle/content.ts";
import { openBundle } from "../../../src/record/files.ts";
import { drawIndices, intervalsOf, replay, type ReplayOptions } from "../../../src/evidence/bundle/replay.ts";
import { AssayError } from "../../../src/base/error.ts";
import { readZip } from "../../../src/record/zip.ts";
import { inFolder, put, replaySynthetic } from "../../record/synthetic_run.ts";
import { bundleBytes, signed } from "./synthetic_bundle.ts";

/** Replays a bundle, unpacked; `forge` changes the events of runs first. */
async function replayBundle(
  options: Partial<ReplayOptions>,
  bytes: Uint8Array = signed,
  forge: (path: string, text: string) => string = (_, text) => text,
) {
  return await inFolder(async (folder) => {
    for (const [path, data] of readZip(bytes)) {
      const log = path.endsWith("events.jsonl");
      await put(`${folder}/b/${path}`, log ? forge(path, new TextDecoder().decode(data)) : data);
    }
    const files = await openBundle(`${folder}/b`);
    const { content } = await readContent(files);
    return await replay(files, content.runs, { count: 12, replayInterval: replaySynthetic(), ...options });
  });
}

Deno.test("intervalsOf gives the stretches between stated states, from the initial one to the end", async () => {
  await inFolder(async (folder) => {
    for (const [path, data] of readZip(signed)) await put(`${folder}/${path}`, data);
    const { content } = await readContent(await openBundle(folder));
    const intervals = intervalsOf(content.runs[0]!);
    assert.deepEqual(intervals.map((i) => [i.from.step, i.to.step]), [[0, 3], [3, 6], [6, 9], [9, 12]]);
  });
});

Deno.test("drawIndices draws different ones by the seed alone", () => {
  assert.deepEqual(drawIndices(50, 7, "a"), drawIndices(50, 7, "a"));
  assert.notDeepEqual(drawIndices(50, 7, "a"), drawIndices(50, 7, "b"));
  assert.equal(new Set(drawIndices(50, 50, "c")).size, 50);
  assert.deepEqual(drawIndices(3, 9, "d").sort(), [0, 1, 2]);
  const counts = Array(5).fill(0);
  for (let seed = 0; seed < 5000; seed++) counts[drawIndices(5, 1, String(seed))[0]!]++;
  // Binomial(5000, 1/5) has standard deviation 28; six of them.
  assert.ok(counts.every((n) => Math.abs(n - 1000) < 170), String(counts));
});

Deno.test("replay gives the same bits on the same adapter class and states the odds and the seed", async () => {
  const lines = await replayBundle({ count: 5, seed: "dice" });
  assert.deepEqual(lines.map((l) => l.status), Array(6).fill("OK"));
  assert.ok(lines.slice(0, 5).every((l) => l.message.endsWith("same adapter class and program, same bits")));
  assert.match(lines[5]!.message, /^5 of 12 intervals replayed; .*; intervals drawn by seed dice \(yours\)$/);
  const random = (await replayBundle({ count: 1 })).at(-1)!.message;
  assert.match(random, /drawn by seed [0-9a-f]{32} \(random, made now\)/);
});

Deno.test("replay finds a state that its interval does not give, and names run and steps", async () => {
  const forged = sha256("forged");
  const lines = await replayBundle(
    {},
    signed,
    (path, text) =>
      path.includes("beta")
        ? text.replace(/("event":"run-stop".*"state":")[0-9a-f]{64}/, `$1${forged}`)
        : text,
  );
  assert.deepEqual(lines.filter((l) => l.status === "TAMPERED"), []); // the checkpoint of step 12 still says the truth
  const both = await replayBundle(
    {},
    signed,
    (path, text) =>
      path.includes("beta")
        ? text.replace(/("step":12,"file":.*"state":")[0-9a-f]{64}/, `$1${forged}`)
        : text,
  );
  const found = both.filter((l) => l.status === "TAMPERED");
  assert.deepEqual(found.map((l) => l.place), ["runs/beta-seed1/events.jsonl, steps 9 to 12"]);
  assert.match(found[0]!.message, /^the state after step 12 is [0-9a-f]{12}, the events say [0-9a-f]{12}$/);
  assert.ok(!both.some((l) => /probability/.test(l.message)), "no odds after a find");
});

Deno.test("replay finds a checkpoint whose state is not the stated one, although its bytes are", async () => {
  const lines = await replayBundle({
    replayInterval: async (run, from, to) => {
      const again = await replaySynthetic()(run, from, to);
      return from.step === 6 ? { ...again, startState: sha256("another") } : again;
    },
  });
  const found = lines.filter((l) => l.status === "TAMPERED");
  assert.equal(found.length, 3);
  assert.ok(found.every((l) => l.message.startsWith("the state at step 6 is ")));
});

Deno.test("replay on another adapter class compares losses by tolerance, and says so", async () => {
  const other = sha256("another adapter");
  const near = await replayBundle({ count: 3, replayInterval: replaySynthetic(other, 1e-3) });
  assert.ok(
    near.slice(0, 3).every((l) =>
      l.status === "OK" && /another adapter class, so by tolerance/.test(l.message)
    ),
  );
  const far = await replayBundle({ count: 3, replayInterval: replaySynthetic(other, 0.5) });
  assert.ok(far.every((l) => l.status === "TAMPERED"));
  assert.match(far[0]!.message, /5\.0e-1 at step \d+, over 0\.02/);
  const strict = await replayBundle({
    count: 1,
    tolerance: 1e-6,
    replayInterval: replaySynthetic(other, 1e-3),
  });
  assert.equal(strict[0]!.status, "TAMPERED");
  const broken = await replayBundle({
    count: 1,
    replayInterval: async (...given) => {
      const again = await replaySynthetic(other)(...given);
      return { ...again, losses: again.losses.with(0, NaN) };
    },
  });
  assert.equal(broken[0]!.status, "TAMPERED");
});

Deno.test("replay with another program of the same adapter class compares by tolerance, and says so", async () => {
  const [line] = await replayBundle({
    count: 1,
    replayInterval: async (...given) => ({
      ...await replaySynthetic()(...given),
      program: sha256("newer code"),
    }),
  });
  assert.match(line!.message, /another program, of other code, so by tolerance/);
  assert.equal(line!.status, "OK");
});

Deno.test("replay takes checkpoints from the original output, checked by digest, and states no odds without them", async () => {
  const bytes = await bundleBytes({ checkpoints: false });
  const without = await replayBundle({}, bytes);
  const open = without.filter((l) => l.status === "NOT-CHECKED");
  assert.equal(open.length, 10); // nine intervals start at a checkpoint, and the sentence
  assert.match(
    open.at(-1)!.message,
    /^3 of 12 drawn intervals could be replayed .*; no probability can be stated/,
  );
  await inFolder(async (folder) => {
    for (const [path, data] of readZip(signed)) await put(`${folder}/out/${path}`, data);
    const found = await replayBundle({ checkpoints: `${folder}/out` }, bytes);
    assert.ok(found.every((l) => l.status === "OK"));
    await put(`${folder}/out/runs/beta-seed1/checkpoints/step-6.safetensors`, "another");
    const swapped = (await replayBundle({ checkpoints: `${folder}/out` }, bytes)).filter((l) =>
      l.status === "TAMPERED"
    );
    assert.deepEqual(swapped.map((l) => l.place), ["runs/beta-seed1/checkpoints/step-6.safetensors"]);
  });
});

Deno.test("replay passes on why an interval could not run", async () => {
  const lines = await replayBundle({
    count: 2,
    replayInterval: () => Promise.reject(new AssayError("Cannot open a WebGPU adapter.")),
  });
  assert.deepEqual(lines.map((l) => l.status), ["NOT-CHECKED", "NOT-CHECKED", "NOT-CHECKED"]);
  assert.equal(lines[0]!.message, "Cannot open a WebGPU adapter.");
});
