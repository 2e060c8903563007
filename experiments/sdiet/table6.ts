/** S-DIET, Table 6: peak GPU memory by plan at the paper's scale, and measured here. Its cells are not public. */
import * as a from "assay";

const METHODS = ["sdiet", "diet", "simclr", "moco", "byol", "simsiam", "barlow", "vicreg", "spectral"];
const [N, M, B] = [1_281_167, 2048, 256];
const heads = a.heads(a.IMAGENET, "published");
const steps = { steps: 12, checkpointEvery: { steps: 3 } };
const tiny = { encoder: "tiny", size: 32, batch: 64, ...steps };
const formula = (row: string, measure: string, value: number, words: string) =>
  a.own(`X16/${row}-${measure}`, `${words}, by formula, against the plan`, a.equal(row, measure, value));

export const experiment = a.table({
  id: "sdiet/table6",
  title: "Peak GPU memory of S-DIET, DIET and two-view methods (S-DIET, Table 6)",
  summary: "Peak GPU bytes by role: planned at the paper's scale, measured here, head bytes against N",
  rows: Object.fromEntries(METHODS.map((method) => [method, a.train(method)])),
  measures: {
    planned: a.planned(a.IMAGENET, "published"),
    toSimclr: a.ratio("planned", "simclr", "to SimCLR"),
    views: a.field("views", "views"),
    ...a.MEASURED,
    ...heads,
    small: a.planned({ ...a.IMAGENET, images: 50_000 }, "published"),
  },
  hidden: [...Object.keys(heads), "small"],
  scales: {
    smoke: { data: "shapes", perClass: [77, 25], seeds: [0], settings: "small", all: tiny },
    mini: {
      data: "cifar10-jpeg",
      perClass: [154, 25],
      seeds: [0],
      settings: "small",
      all: { ...tiny, batch: 128 },
    },
    paper: { data: "imagenet-1k", seeds: [0], settings: "published", all: { ...a.IMAGENET, ...steps } },
  },
  beside: [{
    title: "Head bytes against the number of training images",
    note: "Head, both AdamW moments and the gradient on the GPU, S-DIET's file, and the whole planned peak.",
    rows: ["sdiet", "diet"],
    measures: ["head-on-gpu", "head-on-disk", "planned"],
    columns: a.knob("images", [50_000, 126_689, 640_000, N]),
  }],
  checks: [
    ...["half-memory", "head-size", "disk-size"].map((id) => a.sentence(`sdiet:${id}`)),
    formula("diet", "head-weights", 4 * N * M, "Dense head, 4 N m bytes"),
    formula("diet", "head-moments", 8 * N * M, "Both moments of a dense head, 8 N m bytes"),
    formula("diet", "head-on-gpu", 16 * N * M, "Dense head with moments and gradient, 16 N m bytes"),
    formula("diet", "head-logits", 4 * B * N, "DIET's logits, 4 B N bytes"),
    formula("sdiet", "head-on-gpu", 16 * B * M, "S-DIET's rows with moments and gradient, 16 B m bytes"),
    a.own("constant-gpu-bytes", "S-DIET's bytes do not depend on N", a.equal("sdiet", "planned", "small")),
    a.planKept(METHODS),
  ],
  notes: [
    "MoCo's keys need no gradient: its peak is that of one view and a copy of the parameters. DIET's dense head at this N is larger than the largest buffer of WebGPU adapters: it can be planned, not run.",
  ],
});
