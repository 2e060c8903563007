/** A result made by hand that has something of everything a report can show. */
import type { TableResult } from "../../src/report/result.ts";
import { lines, stackedBars } from "../../src/report/plots.ts";

const roles = { params: 10, grads: 10, optimizer: 20, momentum: 0, state: 1, activations: 2048, io: 3 };

export const smallResult: TableResult = {
  table: "paper/table1",
  title: "A title with <brackets> & an ampersand",
  scale: "smoke",
  dataset: "shapes",
  adapter: "adapter one",
  rows: [
    {
      method: "one",
      planned: { peakBytes: 2092, roles },
      measured: { peakBytes: 77, plannedBytes: 77, stepMs: 12.345 },
      accuracy: { knn: [40, 42, 44], linear: [50] },
      values: { ratio: 0.5, epochs: 1234, seconds: 9.5 },
    },
    { method: "two", values: { state: "NOT-RUN" } },
  ],
  claims: [{ id: "paper:claim", statement: "Words of the claim", verdict: "EXCEEDS", inequality: "2 > 1" }],
  notes: ["A note with `code`."],
  tables: [{ title: "Beside", note: "Why.", headings: ["", "a"], rows: [["x", "1"]] }],
  plots: [
    {
      name: "bars",
      caption: "Bars",
      spec: stackedBars([{ name: "one", parts: { params: 1, io: 2 } }], "GiB"),
    },
    {
      name: "curves",
      caption: 'Curves of "one"',
      spec: lines([{ name: "one", points: [{ x: 1, y: 2 }, { x: 2, y: 3 }] }], { x: "epoch", y: "loss" }),
    },
  ],
};
