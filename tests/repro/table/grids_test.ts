import assert from "node:assert/strict";
import { gridsOf, inColumn, nameOf } from "../../../src/repro/table/grids.ts";
import * as words from "../../../src/repro/table/vocabulary.ts";
import { small, smoke, tellingOf } from "./small_table.ts";

const gridsFor = async (change: Partial<words.Table>, log?: Parameters<typeof tellingOf>[1], choice = {}) =>
  await gridsOf(await tellingOf({ ...small, checks: [], ...change }, log, choice));
const answer = (top1: number) => ({ answer: () => ({ top1 }) });

Deno.test("gridsOf shows rows under the measures that are not hidden, and says which rows have not run", async () => {
  const [results] = await gridsFor({ hidden: ["gain"] }, (run) => run.row === "cold" ? undefined : {});
  assert.deepEqual(results!.rows.map((row) => row.name), [
    ...["simclr", "SimCLR, cold", "sdiet", "untrained encoder", "raw pixels"],
  ]);
  assert.deepEqual(results!.rows.map((row) => row.state), [undefined, "NOT-RUN", ...Array(3)]);
  const ids = results!.columns.map((column) => column.id);
  assert.ok(ids.includes("knn") && !ids.includes("gain"));
  for (const row of results!.rows) {
    assert.ok(Object.keys(row.cells).every((id) => ids.includes(id)), row.name);
  }
  assert.ok(!("gain" in results!.rows[0]!.cells));
});

Deno.test("gridsOf leaves out columns that no row fills, and calls no row unrun that needs no run", async () => {
  const [results] = await gridsFor(
    { measures: { planned: words.planned(), disk: words.heads(smoke.all!, "small")["head-on-disk"] } },
    () => undefined,
    { rows: ["simclr"] },
  );
  assert.deepEqual(results!.columns.map((column) => column.id), ["planned"]);
  assert.ok(results!.rows.every((row) => row.state === undefined));
});

Deno.test("gridsOf has the planned bytes by role, which make up the peak", async () => {
  const grids = await gridsFor({ measures: { planned: words.planned() } });
  const { rows } = grids.find((grid) => grid.title === "Planned bytes by role")!;
  assert.equal(rows.length, 3);
  for (const { cells } of rows) {
    const { peak, ...roles } = cells as Record<string, { value: number }>;
    assert.equal(Object.values(roles).reduce((sum, { value }) => sum + value, 0), peak!.value);
  }
});

Deno.test("gridsOf puts measures under every column of a table that has some, and times once", async () => {
  const columns = { A: { batch: 16 }, B: { batch: 32 } };
  const [results, times] = await gridsFor({ columns }, (run) => answer(run.column === "A" ? 10 : 20));
  const { cells } = results!.rows[0]!;
  assert.deepEqual([cells["A/knn"], cells["B/knn"]], [{ values: [10, 10] }, { values: [20, 20] }]);
  assert.ok(
    results!.columns.every(({ id }) => !/stepMs|seconds/.test(id)),
    "digests could not leave them out",
  );
  assert.deepEqual(times!.columns.map((column) => column.id), ["stepMs", "seconds"]);
  assert.deepEqual(times!.rows.slice(0, 2).map((row) => row.name), ["simclr, A", "simclr, B"]);
});

Deno.test("gridsOf shows chosen rows beside the table, over a knob where it has one", async () => {
  const beside: words.Beside[] = [
    { title: "Some", note: "n", rows: ["sdiet", "cold"], measures: ["knn"] },
    {
      title: "Batches",
      rows: ["simclr"],
      measures: ["planned"],
      columns: words.knob("batch", [16, 64]),
    },
  ];
  const measures = { ...small.measures, planned: words.planned() };
  const grids = await gridsFor({ beside, measures, hidden: ["planned"] });
  const some = grids.find((grid) => grid.title === "Some")!;
  assert.deepEqual([some.note, some.rows.map((row) => row.name)], ["n", ["sdiet", "SimCLR, cold"]]);
  const { columns, rows } = grids.find((grid) => grid.title === "Batches")!;
  assert.deepEqual(columns.map(({ id, unit }) => [id, unit]), [["16", "bytes"], ["64", "bytes"]]);
  const { cells } = rows[0]! as { cells: Record<string, { value: number }> };
  assert.ok(cells["16"]!.value < cells["64"]!.value);
  const without = await gridsFor({ beside, measures }, undefined, { rows: ["cold"] });
  assert.deepEqual(without.find((grid) => grid.title === "Some")!.rows.length, 1);
  assert.equal(without.find((grid) => grid.title === "Batches"), undefined, "nothing of it was chosen");
  const inColumns = await gridsFor({ beside, measures, columns: { A: {}, B: {} } }, () => undefined);
  const knob = inColumns.find((grid) => grid.title === "Batches")!;
  assert.deepEqual(knob.rows.map((row) => row.name.split(":")[0]), ["simclr, A", "simclr, B"]);
});

Deno.test("gridsOf subtracts rows seed by seed, in every column", async () => {
  const beside: words.Beside[] = [{
    title: "Differences",
    differences: [["simclr", "sdiet", "of losses"], ["simclr", "cold"]],
    measures: ["knn"],
  }];
  const log = (run: { row: string; seed: number }) =>
    run.row === "cold" ? undefined : answer(run.row === "simclr" ? 30 + run.seed : 20);
  const of = async (columns: Partial<words.Table>) =>
    (await gridsFor({ beside, ...columns }, log)).find((grid) => grid.title === "Differences")!.rows;
  assert.deepEqual(await of({}), [
    { name: "simclr - sdiet", cells: { of: { text: "of losses" }, knn: { values: [10, 11] } } },
  ]);
  const both = await of({ columns: { A: {}, B: { batch: 16 } } });
  assert.deepEqual(both.map((row) => row.name), ["simclr - sdiet, A", "simclr - sdiet, B"]);
});

Deno.test("nameOf and inColumn say what pages call a row", () => {
  assert.deepEqual([nameOf(small, "cold"), nameOf(small, "sdiet")], ["SimCLR, cold", "sdiet"]);
  assert.deepEqual([inColumn("a", ""), inColumn("a", "B")], ["a", "a, B"]);
});
