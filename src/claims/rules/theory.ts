/** Statements judged by computing instead of by cells: losses by their gradients, costs by counting. */
import { label, show } from "../claim.ts";
import type { LossSpec } from "../assertions.ts";
import { localSaving, reshuffledGap, stageOutputs, stepCost } from "./cost_models.ts";
import { fixed, type Rule } from "./finding.ts";
import { gradientRatio } from "./losses.ts";
import { matches, statedText, statements } from "./statement.ts";

/** Residuals of proportional gradients are 1e-10 or less, those of others above 0.1: nothing lies between. */
const proportional = 1e-6;

function named(l: LossSpec): string {
  const power = l.loss === "sqrt-kl" || l.loss === "sharpening" ? ` (power ${l.power ?? 0.5})` : "";
  return `${l.loss}${power}`;
}

export const sameGradient: Rule = {
  id: "identity/same-gradient",
  title: "Two losses presented as different have proportional gradients",
  help:
    "Both gradients with respect to the logits are computed in double precision at fixed points. If one is a constant " +
    "times the other everywhere, training differs at most in the step size, and a difference in results is noise or an " +
    "unstated difference.",
  check: (corpus) =>
    statements(corpus, "distinct-losses", (a) => {
      const { ratio, residual, points } = gradientRatio(a.left, a.right);
      if (residual > proportional) return [];
      const factor = Number(ratio.toPrecision(6));
      return [{
        rule: sameGradient.id,
        severity: "error",
        verdict: factor === 1
          ? `names two losses with one gradient (${named(a.left)} and ${named(a.right)})`
          : `names two losses of which one is ${factor} times the other in gradient (${named(a.left)}, ${
            named(a.right)
          })`,
        arithmetic: [
          `grad ${named(a.left)} = ${factor} x grad ${named(a.right)} at ${points} points of 8 logits`,
          `largest relative departure ${
            residual.toExponential(1)
          } (central differences are good to about 1e-9)`,
          `target of ${a.left.loss}: ${a.left.target}`,
          ...(a.exact_check === undefined ? [] : [`exact check: ./run repro ${a.exact_check}`]),
        ],
        claims: [],
      }];
    }),
};

export const costModel: Rule = {
  id: "model/cost",
  title: "A stated saving or size that counting does not give",
  help:
    "Activation outputs of a split ResNet, passes per training step, bytes of a stored matrix. Counting gives what the " +
    "description predicts; the rest of a stated number must come from something not described.",
  check: (corpus) => [
    ...statements(corpus, "local-memory", (a, s) => {
      const stages = stageOutputs(a.blocks, a.base, a.image);
      const predicted = localSaving(stages, a.stages_per_unit);
      if (a.stated <= predicted + 0.5 * 10 ** -a.decimals) return [];
      return [{
        rule: costModel.id,
        severity: "warning",
        verdict:
          `cannot come from blocks ${
            a.blocks.join(", ")
          } of base width ${a.base} with ${a.stages_per_unit} ` +
          `stages per unit: that gives ${fixed(predicted, 2)}x`,
        arithmetic: [
          `convolution outputs per image and stage: ${
            stages.map((x) => `${fixed(x / 1e6, 2)} M`).join(", ")
          }`,
          ...[1, a.stages_per_unit].map((k) =>
            `${k} stage${k === 1 ? "" : "s"} per unit: all / largest unit = ${
              fixed(localSaving(stages, k), 2)
            }`
          ),
          `stated ${statedText(a)}`,
        ],
        claims: corpus.claims.filter((c) =>
          c.source === s.source && c.metric === "memory-saving" && c.value === a.stated
        ),
      }];
    }),
    ...statements(corpus, "step-cost", (a, s) => {
      const [ours, theirs] = [stepCost(a.ours), stepCost(a.theirs)];
      const saving = 100 * (1 - ours / theirs);
      if (a.stated <= saving + 0.5 * 10 ** -a.decimals) return [];
      return [{
        rule: costModel.id,
        severity: "warning",
        verdict: `exceeds what fewer passes give: ${fixed(saving, 1)} %`,
        arithmetic: [
          `forward-pass equivalents per image (backward = 2): ${ours} against ${theirs}`,
          `1 - ${ours}/${theirs} = ${fixed(saving, 1)} %; stated ${statedText(a)} %`,
          `${
            fixed(a.stated - saving, 1)
          } points would have to come from loading, the momentum copy or shuffling`,
        ],
        claims: corpus.claims.filter((c) =>
          c.source === s.source && c.metric === "gain" && c.value === a.stated
        ),
      }];
    }),
    ...statements(corpus, "stored-matrix", (a, s) => {
      const gb = (a.rows * a.columns * a.bytes_each * a.copies) / 1e9;
      if (matches(a, gb, 0)) return [];
      const claims = corpus.claims.filter((c) =>
        c.source === s.source && c.metric === "storage" && c.value === a.stated
      );
      return [{
        rule: costModel.id,
        severity: "note",
        verdict: `does not cover everything that is stored: ${fixed(gb, 1)} GB`,
        arithmetic: [
          `${a.rows} x ${a.columns} x ${a.bytes_each} bytes x ${a.copies} copies = ${fixed(gb, 2)} GB`,
          `one copy = ${fixed(gb / a.copies, 2)} GB; stated ${statedText(a)} GB`,
          ...claims.map((c) => `${label(c)} (${show(c)} ${c.unit})`),
        ],
        claims,
      }];
    }),
  ],
};

export const visitGap: Rule = {
  id: "model/visit-gap",
  title: "An update that assumes equal gaps between visits",
  help:
    "With a reshuffled order a row waits anything from 1 to 2t - 1 steps; the closed form for t steps is then exact only " +
    "on average. A cyclic order, or the actual gap, makes it exact.",
  check: (corpus) =>
    statements(corpus, "constant-gap", (a) => {
      if (a.order === "cyclic") return [];
      const { mean, sd } = reshuffledGap(a.rows, a.batch);
      return [{
        rule: visitGap.id,
        severity: a.order === "reshuffled" ? "warning" : "note",
        verdict: a.order === "reshuffled"
          ? "does not hold for a reshuffled order"
          : "holds only for a fixed cyclic order, and the order is not stated",
        arithmetic: [
          `t = ${a.rows} / ${a.batch} = ${fixed(mean, 1)} steps`,
          `reshuffled every epoch: gap ${fixed(mean, 0)} +- sqrt((t^2 - 1) / 6) = ${fixed(sd, 0)} steps ` +
          `(${fixed((100 * sd) / mean, 0)} % of t)`,
        ],
        claims: [],
      }];
    }),
};
