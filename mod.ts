/**
 * Assay: reproduces and audits self-supervised-learning papers. The public surface, grouped by layer; experiments import
 * from here alone.
 *
 * The peak of a training step before anything runs, without an adapter:
 *
 * ```ts
 * import { planReport } from "./mod.ts";
 *
 * const report = await planReport({
 *   ...{ method: "simclr", encoder: "resnet18", batch: 128, image: 32, width: 1 },
 *   ...{ classes: 10, images: 50_000, optimizer: "sgd", recompute: true },
 * });
 * console.log(report.peakBytes, report.roles.activations);
 * ```
 *
 * @module
 */

export { AssayError, failure } from "./src/base/error.ts";

// gpu
export { Device } from "./src/gpu/device.ts";
export { type Plan, plan } from "./src/gpu/planner.ts";
export { permutation, PhiloxStream } from "./src/base/random.ts";

// data
export { type Dataset, load } from "./src/data/load.ts";

// nn
export type { Method } from "./src/nn/method.ts";
export {
  type AdamWNumbers,
  biasCorrectedScalar,
  type Multistep,
  multistepEager,
  MultistepPlan,
  type RowState,
} from "./src/nn/multistep.ts";

// repro: experiments
export type { Experiment, ExperimentContext } from "./src/repro/experiment.ts";
export { asCheck, asClaim, type CheckResult, type ClaimResult } from "./src/judge/outcome.ts";
export { type Cell, type Grid, type Plot, RESULT_FORMAT, type TableResult } from "./src/report/result.ts";
export { gridsOf, type Row, sideGrid, type SideTable } from "./src/repro/rows.ts";
export type { Evidence, RecordedRun, Settings } from "./src/record/recorded.ts";
export { describeEnvironment } from "./src/record/environment.ts";
export { loadCorpus } from "./src/claims/corpus.ts";
export { storeBytes } from "./src/train/head/format.ts";
export { type ExactClaim, judgeExact } from "./src/judge/exact.ts";
export { type Case, judgeAll } from "./src/judge/judge_all.ts";
export {
  type CheckCase,
  judgeCells,
  judgeChecks,
  judgeClaims,
  judgeSentence,
} from "./src/judge/judge_claims.ts";
export type { ClaimCase, MeasuredCell, MeasuredTable } from "./src/judge/measured.ts";
export { cellCases } from "./src/judge/published_cell.ts";
export { sentenceCases } from "./src/judge/sentence.ts";
export { loadMethod, methodNames } from "./src/repro/method_files.ts";
export { type PlanReport, planReport } from "./src/repro/plan_report.ts";
export { intervals, lines, stackedBars } from "./src/report/plots.ts";
export { estimate } from "./src/report/cells.ts";
export { accuracyPlots } from "./src/repro/accuracy_plots.ts";
export {
  HEAD_WIDTH,
  headPlans,
  headPlots,
  type Heads,
  headTables,
  onDisk,
  SIZES,
} from "./src/repro/head_bytes.ts";
export {
  checkDirections,
  type Direction,
  judgeDirections,
  type PublishedDirection,
  type Side,
} from "./src/judge/directions.ts";
export { loadSplit } from "./src/train/load_split.ts";
export { measureSteps } from "./src/repro/measure.ts";
export { type MemoryPlan, planImagenet } from "./src/repro/memory.ts";
export {
  IMAGENET_STEP,
  optimizerOf,
  presetFor,
  presetOf,
  PRESETS,
  specOf,
  splitsOf,
} from "./src/repro/presets.ts";
export { adapterName, chosenMethods, hasMethod, measuredOf, recordedRuns } from "./src/repro/table.ts";
export {
  accuracyOf,
  lossCurve,
  pixelRow,
  publishedResults,
  secondsOf,
  untrainedOf,
} from "./src/repro/tell.ts";
export { type NamedRun, trainTable } from "./src/repro/train_table.ts";
export { stepOf } from "./src/train/trainer.ts";
export { tInterval } from "./src/stats/t_interval.ts";
export { bytes, count, percent } from "./src/base/text.ts";
