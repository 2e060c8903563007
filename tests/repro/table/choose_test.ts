import assert from "node:assert/strict";
import { chosenOf, settingsFor } from "../../../src/repro/table/choose.ts";
import { plain, small, smoke } from "./small_table.ts";

const choose = (choice: Parameters<typeof settingsFor>[1] | object) =>
  settingsFor(small, { ...plain, ...choice });

Deno.test("settingsFor fills in the table's own choices", () => {
  const settings = choose({});
  assert.deepEqual(settings, {
    scale: "smoke",
    dataset: smoke.data,
    rows: Object.keys(small.rows),
    seeds: smoke.seeds,
  });
  assert.deepEqual(chosenOf(small, choose({ seeds: [7], epochs: 1, dataset: "cifar10" })), {
    scale: "smoke",
    dataset: "cifar10",
    rows: Object.keys(small.rows),
    seeds: [7],
    epochs: 1,
  });
});

Deno.test("settingsFor keeps the rows that were asked for by id or method, and those that nothing trained", () => {
  assert.deepEqual(choose({ rows: ["cold"] }).rows, ["cold", "untrained", "pixels"]);
  assert.deepEqual(choose({ methods: ["simclr"] }).rows, ["simclr", "cold", "untrained", "pixels"]);
  assert.deepEqual(choose({ methods: ["simclr"], rows: ["sdiet", "cold"] }).rows, [
    "cold",
    "untrained",
    "pixels",
  ]);
});

Deno.test("settingsFor refuses what the table has not, with the nearest name", () => {
  assert.throws(
    () => choose({ rows: ["simcl"] }),
    /Cannot choose the rows .*found "simcl"; did you mean "simclr"/,
  );
  assert.throws(
    () => choose({ methods: ["sdiett"] }),
    /the methods .*did you mean "sdiet"; correct --methods/,
  );
  assert.throws(() => choose({ rows: [] }), /found none; correct --rows/);
  assert.throws(() => choose({ scale: "gpu" }), /it has smoke, found gpu/);
});

Deno.test("settingsFor keeps the published length at scale paper", () => {
  const table = { ...small, scales: { paper: smoke } };
  const paper = { ...plain, scale: "paper" as const };
  assert.throws(
    () => settingsFor(table, { ...paper, epochs: 3 }),
    /leave --epochs out or choose another --scale/,
  );
  assert.equal(settingsFor(table, paper).scale, "paper");
});

Deno.test("chosenOf refuses settings that name a row of another version of the table", () => {
  const settings = choose({});
  assert.throws(() => chosenOf(small, { ...settings, rows: ["cool"] }), /found "cool"; did you mean "cold"/);
});
