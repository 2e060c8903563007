import assert from "node:assert/strict";
import { specHash } from "../../../src/record/spec/spec.ts";
import { loadMethod } from "../../../src/repro/method_files.ts";
import { chosenOf, settingsFor } from "../../../src/repro/table/choose.ts";
import type { Part } from "../../../src/repro/table/part.ts";
import {
  completeHyper,
  countsOf,
  resolveRuns,
  settingOf,
  specOf,
  viewsOf,
} from "../../../src/repro/table/resolve.ts";
import { knn, pixels, type Table, train } from "../../../src/repro/table/vocabulary.ts";
import { plain, small, smoke } from "./small_table.ts";

const runsOf = (change: Partial<Table>, choice = {}) => {
  const table = { ...small, ...change };
  return resolveRuns(table, chosenOf(table, settingsFor(table, { ...plain, ...choice })));
};
const rows = { simclr: train("simclr") };

Deno.test("resolveRuns asks for every trained row, column and seed once", async () => {
  const columns = { narrow: { batch: 16 }, wide: { batch: 64 } };
  const runs = await runsOf({ columns }, { seeds: [3, 5] });
  assert.deepEqual(
    runs.map(({ row, column, seed, spec }) => [row, column, seed, spec.batch, spec.seed]),
    [3, 5].flatMap((seed) =>
      ["simclr", "cold", "sdiet"].flatMap((row) => [
        [row, "narrow", seed, 16, seed],
        [row, "wide", seed, 64, seed],
      ])
    ),
  );
  assert.equal(new Set(runs.map((run) => run.hash)).size, runs.length);
  for (const { spec, hash } of runs) assert.equal(specHash(spec), hash);
});

Deno.test("resolveRuns lets settings, scale, choice, column, row and the scale's row decide in that order", async () => {
  const decided = async (parts: { all?: Part; column?: Part; row?: Part; last?: Part }, choice = {}) => {
    const [run] = await runsOf({
      rows: { simclr: train("simclr", parts.row) },
      columns: { "": parts.column ?? {} },
      scales: {
        smoke: { ...smoke, all: { ...smoke.all, ...parts.all }, rows: { simclr: parts.last ?? {} } },
      },
    }, choice);
    return run!.spec;
  };
  const T = (value: number) => ({ hyper: { T: value } });
  const settings = (await decided({})).hyper.T;
  assert.notEqual(settings, 0.9);
  assert.equal((await decided({ all: T(0.9) })).hyper.T, 0.9);
  assert.equal((await decided({ all: T(0.9), column: T(0.8) })).hyper.T, 0.8);
  assert.equal((await decided({ all: T(0.9), column: T(0.8), row: T(0.7) })).hyper.T, 0.7);
  assert.equal(
    (await decided({ all: T(0.9), column: T(0.8), row: T(0.7), last: T(0.6) })).hyper.T,
    0.6,
  );
  const twice = await decided({ all: { epochs: 3 }, row: { longer: 2 } }, { epochs: 5 });
  assert.deepEqual(twice.stop, { epochs: 10 });
});

Deno.test("resolveRuns gives a student the run of its teacher's row, by hash and with the same seed", async () => {
  const runs = await runsOf({
    rows: { student: train("simclr", { teacher: { row: "sdiet" } }), sdiet: train("sdiet") },
  });
  for (const seed of smoke.seeds) {
    const of = (row: string) => runs.find((run) => run.row === row && run.seed === seed)!;
    assert.deepEqual(of("student").spec.teacher?.weights, { run: of("sdiet").hash });
    assert.deepEqual(of("student").spec.teacher?.encoder, of("sdiet").spec.encoder);
  }
});

Deno.test("resolveRuns refuses a hyper-parameter by its full name and says its letter", async () => {
  await assert.rejects(
    runsOf({ rows: { simclr: train("simclr", { hyper: { temperature: 0.5 } }) } }),
    /did you mean T \(temperature\)\?/,
  );
});

Deno.test("resolveRuns takes probes of the measures, with curves at the scale's epochs, and of pixels where a row shows them", async () => {
  const measures = { end: knn(3, 0.1), curve: knn(5, 0.1, { curve: true }) };
  const probesAt = async (rows: Table["rows"], scale = {}) =>
    (await runsOf({ measures, rows, scales: { smoke: { ...smoke, every: 2, ...scale } } }))[0]!.spec.probes;
  const [end, curve, ...more] = await probesAt(rows);
  assert.deepEqual(more, []);
  assert.deepEqual([end!.at, end!.every], [["end"], undefined]);
  assert.deepEqual([curve!.at, curve!.every], [["start", "end"], 2]);
  const withPixels = await probesAt({ ...rows, pixels: pixels("end") });
  assert.deepEqual(withPixels.map((probe) => [probe.of, probe.at.join()]), [
    ["encoder", "end"],
    ["pixels", "start"],
    ["encoder", "start,end"],
  ]);
  const [other] = await probesAt(rows, { probes: { end: { k: 9 } } });
  assert.equal(other!.kind === "knn" && other!.k, 9);
});

Deno.test("specOf names the field that nothing decides", async () => {
  const whole: Part = {
    ...{ method: "simclr", encoder: "tiny", size: 16, views: "simclr", batch: 8, data: "shapes", epochs: 1 },
    optimizer: { kind: "sgd", lr: 1 },
  };
  assert.equal((await specOf(whole, { seed: 4 })).seed, 4);
  for (const field of ["encoder", "size", "views", "batch", "data", "epochs", "optimizer"] as const) {
    const { [field]: _, ...part } = whole;
    await assert.rejects(specOf(part, { seed: 0 }), new RegExp(`its ${field} must be decided by the table`));
  }
  await assert.rejects(specOf({ ...whole, teacher: { row: "x" } }, { seed: 0 }), /give a file by digest/);
});

Deno.test("viewsOf puts equal neighbours into one group, and views of different recipes into groups of their own", async () => {
  const groups = (recipe: string, views: number) =>
    viewsOf(recipe, { views }, 16).map((group) => group.count);
  assert.deepEqual(groups("simclr", 2), [2]);
  const asymmetric = viewsOf("solo-learn/cifar10/byol", await loadMethod("byol"), 16);
  assert.deepEqual(asymmetric.map((group) => group.count), [1, 1]);
  assert.notDeepEqual(asymmetric[0]!.recipe, asymmetric[1]!.recipe);
  assert.ok(asymmetric.every(({ recipe }) => !("departs" in recipe)), "texts for reports are no choice");
});

Deno.test("completeHyper, countsOf and settingOf fill in, count and refuse", async () => {
  const simclr = await loadMethod("simclr");
  assert.deepEqual(Object.keys(completeHyper(simclr, { T: 0.3 })).sort(), Object.keys(simclr.hyper).sort());
  assert.deepEqual(await countsOf("shapes", "train", 16), { images: 160, classes: 10 });
  const all = await countsOf("shapes", "train", null);
  assert.deepEqual(await countsOf("shapes", "train", 10 ** 6), all, "no more than there are");
  assert.throws(() => settingOf(small, "gpu"), /choose one of these with --scale/);
});
