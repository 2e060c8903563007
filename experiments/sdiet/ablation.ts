/** What each part of S-DIET is worth: one change at a time, and the square of normalisation and projector. */
import * as a from "assay";

const row = (about: string, hyper = {}) => a.train("sdiet", { hyper, about });
const UNNORMALISED = { normalise: false, normaliseRows: false, T: 1 };
const lazy = { multistep: "lazy" };
const HELPS = [
  ["full", "no-normalise", "Normalisation helps, with the projector"],
  ["no-projector", "neither", "Normalisation helps, without a projector"],
  ["full", "no-projector", "The projector helps, with normalisation"],
  ["no-normalise", "neither", "The projector helps, without normalisation"],
  ["full", "neither", "Both together help"],
] as const;
const UPDATES = ["full", "multistep-none", "multistep-lazy", "lazy-corrected"];
const rows = {
  "full": row("as published: normalised, projector, batch softmax, eager rows"),
  "no-normalise": row("features and rows as they are, T = 1", UNNORMALISED),
  "no-projector": row("head on the features", { projector: "none" }),
  "neither": row("no normalisation, no projector", { ...UNNORMALISED, projector: "none" }),
  "plain-rows": row("features normalised, rows as they are", { normaliseRows: false }),
  "multistep-none": row("rows wait between visits: plain AdamW", { multistep: "none" }),
  "multistep-lazy": row("rows catch up with the true gap", lazy),
  "lazy-corrected": row("true gap and bias correction: a dense AdamW", { ...lazy, rowCorrection: true }),
  "every-row": row("softmax over all N rows, resident head, dense AdamW", { softmaxOver: "all" }),
};
const accuracies = { knn: a.knn(20, 0.1, { curve: true }), linear: a.linear("lbfgs") };
const BOTH = Object.keys(accuracies);
// rows are visited once an epoch: with fewer visits what happens between them could not show
const visits = { seeds: [0, 1, 2], every: 6, all: { ...a.ACCURACY.smoke.all, epochs: 6 } };

export const experiment = a.table({
  id: "sdiet/ablation",
  title: "What the parts of S-DIET are worth",
  summary: "Accuracy without normalisation, projector, batch softmax, or with other row updates",
  rows: { ...rows, pixels: a.pixels("knn"), untrained: a.untrained },
  measures: { ...accuracies, program: a.program, ...a.MEASURED },
  hidden: ["program"],
  scales: { ...a.ACCURACY, smoke: { ...a.ACCURACY.smoke, ...visits } },
  beside: [{
    title: "Paired differences",
    note: "First less second with the same seed. An interval that holds 0 decides nothing.",
    differences: [
      ...Object.keys(rows).slice(1).map((other) => [other, "full"] as const),
      ...HELPS.slice(0, 4),
      ["lazy-corrected", "every-row", "softmax over the batch, both under a dense AdamW"],
    ],
    measures: BOTH,
  }],
  checks: [
    ...HELPS.flatMap(([first, second, words]) =>
      BOTH.map((m) => a.own(`helps/${first}/${second}/${m}`, words, a.beats(first, second, m)))
    ),
    a.learns("full", "knn"),
    a.own("D3/same-program", "Row updates are other numbers in one program", a.same(UPDATES, "program")),
  ],
  notes: [
    "A fraction of the factorial: seven of its 24 combinations, and two variants beside it (plain-rows, lazy-corrected). Normalisation is taken away with the row norms and the temperature, which mean little without it. Nothing can be put down to a part unless full is above its own untrained encoder.",
  ],
});
