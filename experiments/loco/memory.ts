/** Activations of local units: convolution outputs counted on the traced ResNet, and the savings they allow. */
import type { Experiment } from "../../src/repro/experiment.ts";
import { localSaving, stageOutputs } from "../exact/counted.ts";
import { type Check, exactExperiment, type Measured } from "../exact/check.ts";
import { resnetCosts } from "../exact/counted.ts";
import { largest } from "../exact/differences.ts";

const NETWORKS = [
  {
    name: "ResNet-50",
    blocks: [3, 4, 6, 3],
    base: 64,
    millions: [5.22, 3.11, 2.16, 0.63],
    savings: [2.13, 1.33],
  },
  { name: "blocks 2, 3, 5, 6, base width 56", blocks: [2, 3, 5, 6], base: 56, savings: [2.36, 1.45] },
] as const;

/** Half a unit of the second decimal place. */
const HALF = 0.005;

function measure(): Measured {
  const counted = NETWORKS.map((n) => ({ ...n, stages: resnetCosts(n.blocks, n.base, 224).convolutions }));
  const [plain, other] = counted as [typeof counted[number], typeof counted[number]];
  const millions = (stages: readonly number[]) => stages.map((x) => x / 1e6);
  const checks: Check[] = counted.map(({ name, blocks, base, stages }) => ({
    id: "X16",
    what: `${name}: convolution outputs a stage on the trace against the formula`,
    error: largest(stages, stageOutputs(blocks, base, 224)),
    tolerance: 0,
    controls: [
      { what: `${name}: at 256 pixels`, error: largest(stages, stageOutputs(blocks, base, 256)) },
      {
        what: `${name}: one block less in the last stage`,
        error: largest(stages, stageOutputs([...blocks.slice(0, 3), blocks[3] - 1], base, 224)),
      },
    ],
  }));
  checks.push({
    id: "X16",
    what: "ResNet-50: stages in millions against 5.22, 3.11, 2.16, 0.63",
    error: largest(millions(plain.stages), NETWORKS[0].millions),
    tolerance: HALF,
    controls: [{ what: "the other network", error: largest(millions(other.stages), NETWORKS[0].millions) }],
  });
  for (const { name, stages, savings } of counted) {
    for (const units of [1, 2] as const) {
      checks.push({
        id: "X16",
        what: `${name}, ${units} stage${units === 1 ? "" : "s"} a unit: all / largest unit against ${
          savings[units - 1]
        }`,
        error: Math.abs(localSaving(stages, units) - savings[units - 1]!),
        tolerance: HALF,
        controls: [{
          what: `${3 - units} stage${units === 1 ? "s" : ""} a unit`,
          error: Math.abs(localSaving(stages, 3 - units) - savings[units - 1]!),
        }],
      });
    }
  }
  checks.push({
    id: "X16 2.76",
    what: "largest saving of either network with overlapping units",
    error: Math.max(...counted.map((n) => localSaving(n.stages, 2))),
    tolerance: 2.76 - HALF,
    controls: [{
      what: "a unit per half of the first stage",
      error: localSaving([...halved(plain.stages)], 1),
    }],
  });
  return {
    checks,
    tables: [{
      title: "Convolution outputs per image at 224 pixels, and savings",
      headings: ["network", "stages", "no overlap", "overlap of one stage"],
      rows: counted.map(({ name, stages }) => [
        name,
        stages.join(", "),
        localSaving(stages, 1).toFixed(3),
        localSaving(stages, 2).toFixed(3),
      ]),
    }],
    notes: [
      "A model of the peak: it counts convolution outputs alone, units trained one after another. What a plan of whole steps " +
      "gives, with norms, decoders, cotangents and weights, is a different number.",
    ],
  };
}

/** The first stage in two units of half its size. */
function* halved([first, ...rest]: readonly number[]): Generator<number> {
  yield first! / 2;
  yield first! / 2;
  yield* rest;
}

export const experiment: Experiment = exactExperiment({
  id: "loco/memory",
  title: "LoCo: activations of local units",
  summary: "Convolution outputs counted on the traced ResNet; savings of units with and without overlap",
  statements: {
    X16:
      "ResNet-50's stages have 5.22, 3.11, 2.16 and 0.63 million convolution outputs, which allow 2.13x without overlap and " +
      "1.33x with; blocks 2, 3, 5, 6 of base width 56 allow 2.36x and 1.45x.",
    "X16 2.76":
      "By convolution outputs, overlapping units of neither network save as much as the 2.76x that loco:memory-saving says of " +
      "measured memory.",
  },
  measure,
});
