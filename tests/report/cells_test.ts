import assert from "node:assert/strict";
import {
  estimate,
  gridTable,
  hasIntervals,
  printCell,
  roundsBytes,
  short,
  timesTable,
} from "../../src/report/cells.ts";
import { smallResult } from "./small_result.ts";

const [main, side] = smallResult.grids;

Deno.test("estimate prints mean, half width and number of seeds; one seed has no interval", () => {
  assert.equal(estimate([40]), "40.0 (1)");
  // t quantile 4.303 of 2 degrees of freedom, sd 2: 4.303 * 2 / sqrt(3) = 4.97
  assert.equal(estimate([40, 42, 44]), "42.0 ± 5.0 (3)");
  assert.equal(estimate([40, 42, 44], 2), "42.00 ± 4.97 (3)");
});

Deno.test("printCell prints each unit in its way, and an absent cell as nothing", () => {
  assert.equal(printCell(undefined, "percent"), "");
  assert.equal(printCell({ text: "as it is" }, "bytes"), "as it is");
  assert.equal(printCell({ value: 12_884_901_888 }, "bytes"), "12.00 GiB");
  assert.equal(printCell({ value: 1_281_167 }, "count"), "1,281,167");
  assert.equal(printCell({ value: 0.51234 }, "ratio"), "0.512");
  assert.equal(printCell({ value: 1e-6 }, "number"), "1.0e-6");
  assert.equal(printCell({ value: -1.25 }, "points"), "-1.3");
  assert.equal(
    printCell({ values: [2048, 2048] }, "bytes"),
    "2.00 KiB",
    "bytes that do not vary have no interval",
  );
});

Deno.test("short keeps four digits and never prints a small number as 0", () => {
  assert.deepEqual([0, 1e-6, 0.012345, 123456, 2e7].map(short), [
    "0",
    "1.0e-6",
    "0.01235",
    "123500",
    "2.0e+7",
  ]);
});

Deno.test("gridTable leaves times out, aligns numbers right and adds the state of rows without results", () => {
  assert.deepEqual(gridTable(main!), {
    head: ["method", "kNN", "linear", "measured bytes", "ratio", "epochs", "state"],
    align: "lrrrrrl",
    rows: [
      ["one", "42.0 ± 5.0 (3)", "50.0 (1)", "2.04 KiB", "0.500", "1,234", ""],
      ["two", "", "", "", "", "", "NOT-RUN"],
    ],
  });
  assert.deepEqual(gridTable(side!), { head: ["row", "a"], align: "ll", rows: [["x", "words"]] });
});

Deno.test("hasIntervals is true of a grid that prints one", () => {
  assert.deepEqual([hasIntervals(main!), hasIntervals(side!)], [true, false]);
});

Deno.test("roundsBytes is true of a grid that prints bytes with a unit above them", () => {
  assert.deepEqual([roundsBytes(main!), roundsBytes(side!)], [true, false]);
  const rows = [{ name: "one", cells: { measured: { value: 77 } } }];
  assert.equal(roundsBytes({ ...main!, rows }), false, "77 B is all there is");
});

Deno.test("timesTable gathers the times of all grids; a result without any has none", () => {
  assert.deepEqual(timesTable(smallResult.grids), {
    head: ["method", "ms a step", "seconds"],
    align: "lrr",
    rows: [["one", "12.3", "9.5"]],
  });
  assert.equal(timesTable([side!]), undefined);
});
