/** Cao and Wu: what one view instead of two saves, by the pass-counting model and by the arithmetic of traced steps. */
import type { Experiment } from "../../src/repro/experiment.ts";
import { stepCost } from "../exact/counted.ts";
import { exactExperiment, type Measured } from "../exact/check.ts";
import { passCosts } from "../exact/counted.ts";

const BATCH = 4;

function measure(): Measured {
  const single = stepCost({ trained_views: 1, forward_views: 0 });
  const momentum = stepCost({ trained_views: 1, forward_views: 1 });
  const double = stepCost({ trained_views: 2, forward_views: 0 });
  const traced = {
    single: passCosts(1, 0, BATCH),
    momentum: passCosts(1, 1, BATCH),
    double: passCosts(2, 0, BATCH),
  };
  const flops = (other: "momentum" | "double") => traced.single.flops / traced[other].flops;
  return {
    checks: [
      {
        id: "X16 traced",
        what:
          "ResNet-50 at 224, arithmetic of the step: against a forward-only second view, distance from 3/4",
        error: Math.abs(flops("momentum") - 0.75),
        tolerance: 0.01,
        controls: [{ what: "against a trained second view", error: Math.abs(flops("double") - 0.75) }],
      },
      {
        id: "X16 traced",
        what: "ResNet-50 at 224, arithmetic of the step: against a trained second view, distance from 1/2",
        error: Math.abs(flops("double") - 0.5),
        tolerance: 0.01,
        controls: [{ what: "against a forward-only second view", error: Math.abs(flops("momentum") - 0.5) }],
      },
      {
        id: "X16 35.1",
        what: "saving against a momentum branch in percent, of arithmetic",
        error: 100 * (1 - flops("momentum")),
        tolerance: 35.05,
        controls: [{ what: "saving against two trained views", error: 100 * (1 - flops("double")) }],
      },
    ],
    tables: [{
      title: `ResNet-50 at 224 pixels, ${BATCH} images a view, traced`,
      headings: ["step", "passes", "GFLOP", "share", "planned peak bytes, no optimizer"],
      rows: ([["one trained view", single, "single"], ["and a forward-only view", momentum, "momentum"], [
        "two trained views",
        double,
        "double",
      ]] as const).map(([name, passes, key]) => [
        name,
        String(passes),
        (traced[key].flops / 1e9).toFixed(1),
        (traced.single.flops / traced[key].flops).toFixed(4),
        String(traced[key].peakBytes),
      ]),
    }],
    notes: [
      "The first convolution needs no gradient by its input, so a traced backward pass costs a little less than two forward passes.",
    ],
  };
}

export const experiment: Experiment = exactExperiment({
  id: "caowu/cost",
  title: "Cao and Wu: arithmetic of one view against two",
  summary: "The operations of traced ResNet-50 steps against the pass-counting model",
  statements: {
    "X16 traced":
      "The operations of traced ResNet-50 steps have the ratios 3/4 and 1/2 of the pass-counting model (a backward pass is two) to 0.01.",
    "X16 35.1":
      "A step without the momentum branch saves no more arithmetic than the 35.1 percent that caowu:time-saving says of hours.",
  },
  measure,
});
