import assert from "node:assert/strict";
import { join } from "node:path";
import { readEventLog } from "../../../src/record/event_log.ts";
import { eventsOf } from "../../../src/record/events.ts";
import { runName } from "../../../src/repro/table/found.ts";
import { needsRuns, runTable } from "../../../src/repro/table/run.ts";
import * as words from "../../../src/repro/table/vocabulary.ts";
import { plain, smoke } from "./small_table.ts";

/** Two rows of three steps each: as little as a table can train. */
const table = words.table({
  id: "tests/run",
  title: "Two short runs",
  summary: "two rows",
  rows: { supervised: words.train("supervised"), sdiet: words.train("sdiet"), untrained: words.untrained },
  measures: { nearest: words.nearest(), ...words.MEASURED },
  scales: {
    smoke: {
      ...smoke,
      perClass: [4, 2],
      seeds: [0],
      all: {
        encoder: { name: "tiny", width: 0.5 },
        size: 16,
        batch: 8,
        steps: 3,
        checkpointEvery: { steps: 1 },
      },
    },
  },
  checks: [words.planKept(["supervised", "sdiet"])],
});

/** Runs a table in a folder and gives what it said. */
async function runIn(out: string, of: words.Table, choice: object = {}) {
  const said: string[] = [];
  const context = { ...plain, out, resume: false, say: (line: string) => said.push(line), ...choice };
  return { result: await runTable(of, context), said };
}

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(join(folder, "runs"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const logIn = (out: string, name: string) => join(out, "runs", name, "events.jsonl");

Deno.test("runTable trains every row once, tells the result, and trains nothing again", () =>
  inFolder(async (folder) => {
    const out = join(folder, "one");
    const { result, said } = await runIn(out, table);
    assert.deepEqual(said.filter((line) => /^Run/.test(line)), [
      "Run 1 of 2: supervised-seed0",
      "Run 2 of 2: sdiet-seed0",
    ]);
    assert.deepEqual(result.checks.map((check) => check.outcome), ["holds"]);
    assert.ok(result.grids[0]!.rows.every((row) => row.state === undefined));
    const before = await Deno.readTextFile(logIn(out, "sdiet-seed0"));
    const again = await runIn(out, table);
    assert.ok(again.said.includes("2 of 2 runs are there already"), String(again.said));
    assert.equal(await Deno.readTextFile(logIn(out, "sdiet-seed0")), before);
    assert.deepEqual(again.result, result);

    // another table beside it that asks for one of these runs and one of its own
    const other = {
      ...table,
      rows: { again: words.train("sdiet"), more: words.train("sdiet", { batch: 16 }) },
      checks: [],
    };
    const beside = await runIn(join(folder, "two"), other);
    assert.ok(beside.said.some((line) => /again-seed0 was run for one and is not run again/.test(line)));
    assert.deepEqual(beside.said.filter((line) => /^Run/.test(line)), ["Run 1 of 1: more-seed0"]);
    assert.deepEqual(
      beside.result.grids[0]!.rows[0]!.cells["nearest"],
      result.grids[0]!.rows[1]!.cells["nearest"],
    );
  }));

Deno.test("runTable makes two cells of one specification with one run, beside a start that was refused", () =>
  inFolder(async (folder) => {
    const out = join(folder, "one");
    await Deno.mkdir(join(out, "runs", "refused-seed0"), { recursive: true });
    await Deno.writeTextFile(join(out, "runs", "refused-seed0", "spec.json"), "{}");
    const twins = {
      ...table,
      rows: { a: words.train("supervised"), b: words.train("supervised") },
      checks: [],
    };
    const { result, said } = await runIn(out, twins);
    assert.deepEqual(said.filter((line) => /^Run/.test(line)).length, 1);
    const [a, b] = result.grids[0]!.rows;
    assert.deepEqual(a!.cells, b!.cells);
    assert.equal(b!.state, undefined);
  }));

Deno.test("runTable gives a run a folder of its own where another specification has its name", () =>
  inFolder(async (folder) => {
    const out = join(folder, "one");
    const one = { ...table, rows: { supervised: words.train("supervised") }, checks: [] };
    await runIn(out, one);
    const changed = { ...one, rows: { supervised: words.train("supervised", { batch: 16 }) } };
    const { said } = await runIn(out, changed);
    assert.deepEqual(said.filter((line) => /^Run/.test(line)), ["Run 1 of 1: supervised-seed0"]);
    assert.equal([...Deno.readDirSync(join(out, "runs"))].length, 2);
  }));

Deno.test("runTable goes on with an unfinished run only when it may", () =>
  inFolder(async (folder) => {
    const one = { ...table, rows: { supervised: table.rows.supervised! }, checks: [] };
    const { result } = await runIn(folder, one);
    const path = logIn(folder, "supervised-seed0");
    const { events } = await readEventLog(path);
    const lines = (await Deno.readTextFile(path)).split("\n");
    const cut = events.findIndex((event) => event.event === "checkpoint") + 1;
    await Deno.writeTextFile(path, `${lines.slice(0, cut).join("\n")}\n`);
    await assert.rejects(runIn(folder, one), /Cannot start "supervised-seed0": .*continue it with --resume/);
    const resumed = await runIn(folder, one, { resume: true });
    const nearest = (r: typeof result) => r.grids[0]!.rows[0]!.cells["nearest"];
    assert.deepEqual(nearest(resumed.result), nearest(result));
    assert.equal(eventsOf((await readEventLog(path)).events, "resume").length, 1);
  }));

Deno.test("runTable trains teachers before their students, and says when a method asks for none", () =>
  inFolder(async (folder) => {
    const taught = {
      ...table,
      rows: {
        last: words.train("supervised", { teacher: { row: "student" }, hyper: {} }),
        student: words.train("sdiet", { teacher: { row: "first" } }),
        first: words.train("supervised"),
      },
      checks: [],
    };
    const said: string[] = [];
    await assert.rejects(
      runTable(taught, { ...plain, out: folder, resume: false, say: (line) => said.push(line) }),
      /a method with a teacher must ask for it/,
    );
    assert.deepEqual(said.filter((line) => /^Run/.test(line)), [
      "Run 1 of 3: first-seed0",
      "Run 2 of 3: student-seed0",
    ]);
    await assert.rejects(
      runIn(join(folder, "alone"), taught, { rows: ["student"] }),
      /its teacher, the run .{12}, must have a checkpoint .*choose the teacher's row as well with --rows/,
    );
  }));

Deno.test("runTable tells a table of plans without a device", () =>
  inFolder(async (folder) => {
    const planned = { ...table, measures: { planned: words.planned() }, checks: [] };
    assert.equal(needsRuns(planned), false);
    const { result } = await runIn(folder, planned);
    assert.equal(result.adapter, undefined);
    assert.deepEqual(Object.keys(result.grids[0]!.rows[0]!.cells), ["planned"]);
  }));

Deno.test("needsRuns and runName", () => {
  assert.equal(needsRuns(table), true);
  assert.equal(runName({ row: "MoCo v2+", column: "CIFAR-10", seed: 3 }), "moco-v2-cifar-10-seed3");
  assert.equal(runName({ row: "sdiet", column: "", seed: 0 }), "sdiet-seed0");
});
