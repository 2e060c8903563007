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

export { AssayError, failure } from "./src/error.ts";

// gpu
export { Device } from "./src/gpu/device.ts";
export { type Plan, plan } from "./src/gpu/planner.ts";
export { permutation, PhiloxStream } from "./src/gpu/random.ts";

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
export type {
  ClaimResult,
  Evidence,
  Experiment,
  ExperimentContext,
  Plot,
  RecordedRun,
  Row,
  Settings,
  SideTable,
  TableResult,
} from "./src/repro/experiment.ts";
export { describeEnvironment } from "./src/repro/environment.ts";
export { loadCorpus } from "./src/repro/claims/corpus.ts";
export { storeBytes } from "./src/repro/head_store_format.ts";
export { type ExactClaim, judgeExact } from "./src/repro/judge/exact.ts";
export { judgeTable, type TableCase } from "./src/repro/judge/table.ts";
export { loadMethod, methodNames } from "./src/repro/method_files.ts";
export { type PlanReport, planReport } from "./src/repro/plan_report.ts";
export { intervals, lines, stackedBars } from "./src/repro/plots.ts";
export { estimate } from "./src/repro/report.ts";
export { accuracyPlots } from "./src/repro/run/accuracy_plots.ts";
export {
  HEAD_WIDTH,
  headPlans,
  headPlots,
  type Heads,
  headTables,
  onDisk,
  SIZES,
} from "./src/repro/run/head_bytes.ts";
export { type Direction, judgeDirections, type Side } from "./src/repro/run/directions.ts";
export { loadSplit } from "./src/repro/run/load_split.ts";
export { measureSteps } from "./src/repro/run/measure.ts";
export { type MemoryPlan, planImagenet } from "./src/repro/run/memory.ts";
export {
  IMAGENET_STEP,
  optimizerOf,
  presetFor,
  presetOf,
  PRESETS,
  specOf,
  splitsOf,
} from "./src/repro/run/presets.ts";
export { adapterName, chosenMethods, hasMethod, measuredOf, recordedRuns } from "./src/repro/run/table.ts";
export {
  accuracyOf,
  lossCurve,
  pixelRow,
  publishedResults,
  secondsOf,
  untrainedOf,
} from "./src/repro/run/tell.ts";
export { type NamedRun, trainTable } from "./src/repro/run/train_table.ts";
export { stepOf } from "./src/repro/run/trainer.ts";
export { tInterval } from "./src/repro/stats/t_interval.ts";
export { bytes, count, percent } from "./src/repro/text.ts";

export { localSaving, stageOutputs, stepCost } from "./src/repro/findings/cost_models.ts";

// repro: exact checks. Small words such as `add` live in namespaces.
export { type Check, exactExperiment, type Measured } from "./src/repro/exact/check.ts";
export * as decompose from "./src/repro/exact/decompose.ts";
export { passCosts, resnetCosts } from "./src/repro/exact/counted.ts";
export { differences, largest, logSlope, relative } from "./src/repro/exact/differences.ts";
export * as featureModel from "./src/repro/exact/feature_model.ts";
export * as linearTheorem from "./src/repro/exact/linear_theorem.ts";
export * as linearTraining from "./src/repro/exact/linear_training.ts";
export * as matrix from "./src/repro/exact/matrix.ts";
export { minimise } from "./src/repro/exact/minimise.ts";
export * as multistepReference from "./src/repro/exact/multistep_reference.ts";
export { Queue } from "./src/repro/exact/queue.ts";
export * as scalar from "./src/repro/exact/scalar.ts";
export * as softmaxLosses from "./src/repro/exact/softmax_losses.ts";
export { enumeratedGaps, visitGaps } from "./src/repro/exact/visits.ts";
