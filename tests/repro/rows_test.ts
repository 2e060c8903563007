import assert from "node:assert/strict";
import { gridsOf, sideGrid } from "../../src/repro/rows.ts";

const roles = { params: 1, grads: 1, optimizer: 2, momentum: 0, state: 0, activations: 5, io: 1 };

Deno.test("gridsOf makes columns of what the rows have, in the stated order, with times among them", () => {
  const [main, byRole] = gridsOf([
    {
      method: "one",
      planned: { peakBytes: 10, roles },
      measured: { peakBytes: 7, plannedBytes: 7, stepMs: 1.5 },
      accuracy: { knn: [40, 42] },
      values: { views: 2, optimizer: "sgd", seconds: 3.5, share: 0.5 },
    },
    { method: "two", values: { state: "NOT-RUN" } },
  ], { order: ["views"] });
  assert.deepEqual(main!.columns.map((c) => `${c.id} ${c.unit}`), [
    ...["knn percent", "planned bytes", "views count", "optimizer text", "seconds seconds", "share ratio"],
    ...["measured bytes", "measuredPlan bytes", "stepMs ms"],
  ]);
  assert.deepEqual(main!.rows[0]!.cells["knn"], { values: [40, 42] });
  assert.deepEqual(main!.rows[1], { name: "two", cells: {}, state: "NOT-RUN" });
  assert.deepEqual(byRole!.rows.map((r) => r.cells["activations"]), [{ value: 5 }]);
});

Deno.test("sideGrid keeps texts as they are; the first column names the rows", () => {
  assert.deepEqual(sideGrid({ title: "Side", headings: ["", "a"], rows: [["x", "1 ± 2"]] }), {
    title: "Side",
    names: "row",
    columns: [{ id: "a", heading: "a", unit: "text" }],
    rows: [{ name: "x", cells: { a: { text: "1 ± 2" } } }],
  });
});
