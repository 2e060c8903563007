/** What tables of accuracies train at each scale, unless a table says otherwise. */
import type { Scale } from "../../base/scales.ts";
import type { Part } from "../table/part.ts";
import type { Setting } from "../table/vocabulary.ts";

const tiny: Part = { encoder: "tiny", size: 32 };
/** L-BFGS on the host is for small sets. */
const BY_GRADIENTS = { linear: { protocol: "simclr" } };

/** Data, lengths and probes of a table of accuracies at every scale; spread one and change what your table changes. */
export const ACCURACY: Readonly<Record<Scale, Setting>> = {
  smoke: {
    data: "shapes",
    perClass: [64, 25],
    seeds: [0, 1],
    settings: "small",
    every: 1,
    all: { ...tiny, batch: 64, epochs: 3 },
  },
  // An evaluation takes as long as an epoch of a one-view method on two cores, so every fifth.
  mini: {
    data: "cifar10-jpeg",
    perClass: [500, 200],
    seeds: [0, 1, 2],
    settings: "small",
    every: 5,
    all: { ...tiny, batch: 128, epochs: 10 },
  },
  gpu: {
    data: "cifar10",
    seeds: [0, 1, 2],
    settings: "small",
    every: 2,
    all: { encoder: "resnet18", size: 32, batch: 256, epochs: 20 },
    probes: BY_GRADIENTS,
  },
  paper: {
    data: "cifar10",
    seeds: [0],
    settings: "published",
    every: 20,
    probes: { ...BY_GRADIENTS, knn: { T: 0.07 } },
  },
};
