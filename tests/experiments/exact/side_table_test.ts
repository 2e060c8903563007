import assert from "node:assert/strict";
import { sideGrid } from "../../../experiments/exact/side_table.ts";

Deno.test("sideGrid names rows by the first column and keeps the others as texts", () => {
  const grid = sideGrid({
    title: "t",
    note: "n",
    headings: ["what", "a", "b"],
    rows: [["x", "1", "2"], ["y", "3", "4"]],
  });
  assert.deepEqual([grid.title, grid.note, grid.names], ["t", "n", "what"]);
  assert.deepEqual(grid.columns.map((column) => column.heading), ["a", "b"]);
  assert.deepEqual(
    grid.rows.map(({ name, cells }) => [name, ...grid.columns.map(({ id }) => cells[id])]),
    [["x", { text: "1" }, { text: "2" }], ["y", { text: "3" }, { text: "4" }]],
  );
  const plain = sideGrid({ title: "t", headings: ["", "a"], rows: [] });
  assert.equal(plain.names, "row", "a heading without words says what rows are called");
  assert.ok(!("note" in plain));
});
