/** S-DIET's multistep AdamW against AdamW one step at a time, and how far reshuffled epochs take it off. */
import type { Experiment } from "../../src/repro/experiment.ts";
import { exactExperiment } from "../exact/check.ts";
import { closedForm, corrections } from "./exact/closed_form.ts";
import { denseHead, sideTable } from "./exact/dense_head.ts";
import { gaps } from "./exact/visits.ts";

export const experiment: Experiment = exactExperiment({
  id: "sdiet/multistep",
  title: "S-DIET: the multistep AdamW update",
  summary:
    "Closed form against AdamW step by step, wrong readings of it, and drift when epochs are reshuffled",
  statements: {
    X1:
      "The closed form of sdiet:multistep-update equals t AdamW steps whose gradient is zero after the first, eps 0.",
    X2: "With eps 1e-8, which the closed form does not decay, it stays within 1e-6 for gradients of order 1.",
    X3: "Four misreadings of the published listing are further off than 1e-5.",
    X4: "With bias correction one scalar per visit takes the closed form's place.",
    X5:
      "A head on disk equals a dense head in cyclic order with fixed t, in any order with true gaps, and not when " +
      "reshuffled with fixed t.",
    X17: "Under reshuffled epochs the gap between visits has mean t and deviation sqrt((t^2 - 1) / 6).",
  },
  measure: () => ({
    checks: [
      ...closedForm(),
      corrections(),
      ...denseHead(),
      ...gaps(),
    ],
    tables: [sideTable()],
    notes: [
      "Dense head: AdamW on every row in every step, gradient zero outside the batch, no bias correction. The published " +
      "text gives t only implicitly; here t = images / batch.",
    ],
  }),
});
