/**
 * Assay: reproduces and audits self-supervised-learning papers. This page is what a table file or a program of yours
 * imports, as "assay" inside the project.
 *
 * The peak of a training step before anything runs, without an adapter:
 *
 * ```ts
 * import { planReport } from "assay";
 *
 * const report = await planReport({
 *   ...{ method: "simclr", encoder: "resnet18", batch: 128, image: 32, width: 1 },
 *   ...{ classes: 10, images: 50_000, optimizer: "sgd", recompute: true },
 * });
 * console.log(report.peakBytes, report.roles.activations);
 * ```
 *
 * A table is a value. This one trains two methods with two seeds at the scale `smoke` and asks which is better:
 *
 * ```ts
 * import * as a from "assay";
 *
 * const experiment = a.table({
 *   id: "mine/first",
 *   title: "SimCLR against its untrained encoder",
 *   summary: "one method, two temperatures",
 *   rows: {
 *     cold: a.train("simclr", { hyper: { T: 0.1 } }),
 *     warm: a.train("simclr", { hyper: { T: 0.5 } }),
 *     untrained: a.untrained,
 *   },
 *   measures: { knn: a.knn(20, 0.1, { curve: true }), ...a.COUNTED },
 *   scales: { smoke: a.ACCURACY.smoke },
 *   checks: [a.learns("cold", "knn"), a.own("cold-wins", "cold is above warm", a.beats("cold", "warm", "knn"))],
 * });
 * console.log(Object.keys(experiment.rows).length);
 * ```
 *
 * @module
 */

export { AssayError } from "./src/base/error.ts";
export { Device } from "./src/gpu/device.ts";
export { load } from "./src/data/load.ts";
export type { Method } from "./src/nn/method.ts";
export { parseSpec, type RunSpec, specHash } from "./src/record/spec/spec.ts";
export { loadMethod, methodNames } from "./src/repro/method_files.ts";
export { planReport } from "./src/repro/plan_report.ts";

// Words of tables: what is compared, ...
export type { Part } from "./src/repro/table/part.ts";
export { pixels, table, train, untrained } from "./src/repro/table/vocabulary.ts";
export { ACCURACY } from "./src/repro/presets/scales.ts";
export { IMAGENET } from "./src/repro/plan_step.ts";
// ... what a cell shows, ...
export {
  collapse,
  COUNTED,
  field,
  gain,
  gradientEvaluations,
  heads,
  knn,
  linear,
} from "./src/repro/table/vocabulary.ts";
export { MEASURED, metric, nearest, planned, program, ratio } from "./src/repro/table/vocabulary.ts";
export { knob } from "./src/repro/table/vocabulary.ts";
// ... and what is asked of the cells.
export { beats, cells, equal, learns, own, planKept, same, sentence } from "./src/repro/table/vocabulary.ts";
