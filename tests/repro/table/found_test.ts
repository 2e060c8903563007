import assert from "node:assert/strict";
import { join } from "node:path";
import { canonical } from "../../../src/base/canonical.ts";
import { describeEnvironment } from "../../../src/record/environment.ts";
import { eventsOf } from "../../../src/record/events.ts";
import type { RecordedRun } from "../../../src/record/recorded.ts";
import { loadMethod } from "../../../src/repro/method_files.ts";
import { findRuns, teacherOf } from "../../../src/repro/table/found.ts";
import type { CellRun } from "../../../src/repro/table/resolve.ts";
import { train } from "../../../src/repro/table/vocabulary.ts";
import { Workshop } from "../../../src/repro/train_run.ts";
import { stepOf } from "../../../src/train/trainer.ts";
import { testDevice } from "../../nn/check_op.ts";
import { onAdapter } from "../../record/recorded.ts";
import { logOf, small, tellingOf } from "./small_table.ts";

const device = await testDevice();
const workshop = new Workshop(device, () => {});
const { runs } = await tellingOf({ ...small, rows: { sdiet: train("sdiet") }, checks: [] });
const [asked] = runs as unknown as [CellRun];
const machine = await describeEnvironment(device.fingerprint);

/** The asked run as today's program would have logged it. */
async function ofToday(): Promise<RecordedRun> {
  const { spec } = asked;
  const data = await workshop.dataOf(spec);
  const { train } = data;
  const shape = { size: train.size, images: train.labels.length, classes: train.classes.length };
  const step = stepOf(spec, await loadMethod(spec.method), shape, { target: device.target });
  const made = logOf(asked);
  return {
    ...made,
    events: made.events.map((event) =>
      event.event !== "run-start" ? event : {
        ...event,
        program: step.program.hash(),
        data: Object.fromEntries(
          Object.entries(event.data).map(([use, d]) => [
            use,
            { ...d, pixels: data[use]!.hashes.pixels, list: data[use]!.hashes.split },
          ]),
        ),
      }
    ),
  };
}

async function put(out: string, run: RecordedRun, environment: object = machine): Promise<void> {
  const folder = join(out, "runs", run.name);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(join(folder, "spec.json"), canonical(run.spec));
  await Deno.writeTextFile(join(folder, "environment.json"), canonical(environment));
  await Deno.writeTextFile(
    join(folder, "events.jsonl"),
    run.events.map((e) => `${JSON.stringify(e)}\n`).join(""),
  );
}

/** What is found in a folder beside another that holds a run. */
async function foundBeside(run: RecordedRun, environment?: object, home = "runs") {
  const folder = await Deno.makeTempDir();
  const parent = join(folder, home);
  try {
    await put(join(parent, "other"), run, environment);
    const own = join(parent, "own");
    const found = await findRuns([asked], own, workshop);
    const copied = await Deno.stat(join(own, "runs", run.name, "events.jsonl")).then(() => true, () => false);
    assert.equal(found.has(asked.hash), copied, "what is found is in the table's own folder");
    return found.get(asked.hash)?.state;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const today = await ofToday();

Deno.test("findRuns copies a finished run beside the folder, where results lie side by side", async () => {
  assert.equal(await foundBeside(today), "finished");
  assert.equal(await foundBeside(today, undefined, "elsewhere"), undefined);
});

Deno.test("findRuns leaves a run of another program, data, adapter or specification where it is", async () => {
  const changed = (change: object): RecordedRun => ({
    ...today,
    events: today.events.map((event) => event.event === "run-start" ? { ...event, ...change } : event),
  });
  const [start] = eventsOf(today.events, "run-start");
  assert.equal(await foundBeside(changed({ program: "0".repeat(64) })), undefined);
  for (const which of ["pixels", "list"]) {
    const other = { ...start!.data.train!, [which]: "0".repeat(64) };
    assert.equal(await foundBeside(changed({ data: { ...start!.data, train: other } })), undefined, which);
  }
  assert.equal(await foundBeside(today, onAdapter("another")), undefined);
  assert.equal(await foundBeside({ ...today, spec: { ...today.spec, batch: 16 } }), undefined);
  assert.equal(await foundBeside({ ...today, events: today.events.slice(0, -1) }), undefined, "unfinished");
});

Deno.test("findRuns finds what its own folder holds by the specification, finished or not", async () => {
  const out = await Deno.makeTempDir();
  try {
    await put(out, { ...today, name: "any name" });
    assert.deepEqual([...await findRuns([asked], out, workshop)], [
      [asked.hash, { folder: join(out, "runs", "any name"), state: "finished" }],
    ]);
    await put(out, { ...today, name: "any name", events: today.events.slice(0, -1) });
    assert.equal((await findRuns([asked], out, workshop)).get(asked.hash)?.state, "unfinished");
    await put(out, { ...today, name: "any name" }, onAdapter("another"));
    await assert.rejects(
      findRuns([asked], out, workshop),
      /Cannot use the run in .*any name.*found one of the adapter .*remove its folder/s,
    );
  } finally {
    await Deno.remove(out, { recursive: true });
  }
});

Deno.test("findRuns copies the last checkpoint of a run that teaches, and takes no teacher without it", async () => {
  const student = (await tellingOf(
    {
      ...small,
      rows: { student: train("simclr", { teacher: { row: "sdiet" } }), sdiet: train("sdiet") },
      checks: [],
    },
    undefined,
    { seeds: [asked.seed] },
  )).runs;
  assert.equal(teacherOf(student[0]!), asked.hash);
  assert.equal(teacherOf(asked), undefined);
  const file = "checkpoints/last.safetensors";
  const [stop] = eventsOf(today.events, "run-stop");
  const { spec, seq, time, step, state } = stop!;
  const checkpoint = {
    event: "checkpoint" as const,
    spec,
    seq,
    time,
    step,
    file,
    bytes: 1,
    sha256: state,
    state,
  };
  const taught = { ...today, events: [...today.events.slice(0, -1), checkpoint, { ...stop!, seq: seq + 1 }] };
  const folder = await Deno.makeTempDir();
  const parent = join(folder, "runs");
  try {
    const [other, own] = [join(parent, "other"), join(parent, "own")];
    await put(other, taught);
    assert.equal((await findRuns(student, own, workshop)).size, 0);
    const weights = join(other, "runs", taught.name, file);
    await Deno.mkdir(join(weights, ".."), { recursive: true });
    await Deno.writeTextFile(weights, "w");
    assert.equal((await findRuns(student, own, workshop)).get(asked.hash)?.state, "finished");
    assert.equal(await Deno.readTextFile(join(own, "runs", taught.name, file)), "w");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
