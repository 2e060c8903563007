/** A result made by hand that has something of everything a report can show. */
import { RESULT_FORMAT, type TableResult } from "../../src/report/result.ts";
import { lines, stackedBars } from "../../src/report/plots.ts";

export const smallResult: TableResult = {
  format: RESULT_FORMAT,
  table: "paper/table1",
  title: "A title with <brackets> & an ampersand",
  scale: "smoke",
  dataset: "shapes",
  adapter: "adapter one",
  headline: ["One is worse than published."],
  grids: [
    {
      title: "Results",
      names: "method",
      columns: [
        { id: "knn", heading: "kNN", unit: "percent" },
        { id: "linear", heading: "linear", unit: "percent" },
        { id: "measured", heading: "measured bytes", unit: "bytes" },
        { id: "ratio", heading: "ratio", unit: "ratio" },
        { id: "epochs", heading: "epochs", unit: "count" },
        { id: "stepMs", heading: "ms a step", unit: "ms" },
        { id: "seconds", heading: "seconds", unit: "seconds" },
      ],
      rows: [
        {
          name: "one",
          cells: {
            knn: { values: [40, 42, 44] },
            linear: { values: [50] },
            measured: { value: 2092 },
            ratio: { value: 0.5 },
            epochs: { value: 1234 },
            stepMs: { value: 12.345 },
            seconds: { value: 9.5 },
          },
        },
        { name: "two", cells: {}, state: "NOT-RUN" },
      ],
    },
    {
      title: "Beside",
      note: "Why.",
      columns: [{ id: "a", heading: "a", unit: "text" }],
      rows: [{ name: "x", cells: { a: { text: "words" } } }],
    },
  ],
  claims: [{
    id: "paper:claim",
    statement: "Words of the claim",
    source: { paper: "A paper", url: "https://example.org/paper" },
    paraphrase: true,
    verdict: "EXCEEDS",
    inequality: "2 > 1 (one-sided, level 0.05)",
    level: 0.05,
    sides: 1,
    p: 0.0123,
    pCorrected: 0.0246,
    differs: [],
    notes: ["A remark."],
  }],
  checks: [{ id: "own", question: "Is it so?", outcome: "holds", inequality: "1 = 1" }],
  protocol: ["How it was run."],
  notes: ["A note with `code`."],
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
