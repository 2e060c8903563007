/**
 * Weighted kNN classification: the class of a test image is the one whose neighbours have the largest sum of
 * exp(cosine / T) (Wu et al., arXiv 1805.01978; k = 200, T = 0.07 or 0.1 there). One search on the GPU serves every k
 * and T; votes are counted in f64. 1-NN by exact distance is CompRess's protocol.
 */
import { failure } from "../base/error.ts";
import type { Device } from "../gpu/device.ts";
import type { Features } from "./features.ts";
import { nearest, type NearestOptions, type Neighbours } from "./nearest.ts";

/** Features and the class of each row. */
export interface Labelled {
  readonly features: Features;
  readonly labels: Uint32Array;
}

/** Number of neighbours and temperature of their weights. */
export interface KnnSetting {
  readonly k: number;
  readonly T: number;
}

export interface KnnResult extends KnnSetting {
  /** Share of all test images whose predicted class is theirs. */
  readonly accuracy: number;
  /** Predicted class of every test image. */
  readonly predictions: Uint32Array<ArrayBuffer>;
}

export interface KnnTask {
  readonly train: Labelled;
  readonly test: Labelled;
  readonly classes: number;
}

/** Throws unless every row has a class below `classes`. */
export function requireLabels({ features, labels }: Labelled, classes: number, what: string): void {
  const wrong = labels.length === features.rows ? labels.findIndex((label) => label >= classes) : 0;
  if (wrong < 0) return;
  throw failure({
    operation: "classify",
    object: `the ${what} images`,
    required: `each of ${features.rows} must have a class below ${classes}`,
    found: labels.length === features.rows ? `${labels[wrong]} at row ${wrong}` : `${labels.length} labels`,
    wayOut: "use a labelled split",
  });
}

/** Throws unless the settings can be searched for. */
export function requireSettings(grid: readonly KnnSetting[]): void {
  const wrong = grid.find(({ T }) => !(T > 0 && Number.isFinite(T)));
  if (grid.length > 0 && !wrong) return;
  throw failure({
    operation: "classify",
    object: "by weighted kNN",
    required: "one or more settings are needed, each with a positive temperature",
    found: wrong ? `T = ${wrong.T}` : "none",
    wayOut: "give k and T such as 20 and 0.07",
  });
}

/**
 * Classifies the test rows by cosine for every setting of the grid, from one search.
 * Errors: unlabelled rows, k outside 1 to 256 or above the training set, features that are not finite.
 */
export async function knn(
  device: Device,
  task: KnnTask,
  grid: readonly KnnSetting[],
  options: Omit<NearestOptions, "metric"> = {},
): Promise<KnnResult[]> {
  const { train, test, classes } = task;
  requireLabels(train, classes, "training");
  requireLabels(test, classes, "test");
  requireSettings(grid);
  const most = Math.max(...grid.map(({ k }) => k));
  for (const { k } of grid) requireWhole(k);
  const found = await nearest(device, train.features, test.features, most, { ...options, metric: "cosine" });
  return grid.map((setting) => judge(setting, vote(found, train.labels, classes, setting), test.labels));
}

/** Classifies by the nearest training row alone: exact L2 over normalised rows, the earlier row where two are equal. */
export async function oneNearest(
  device: Device,
  { train, test, classes }: KnnTask,
  options: Omit<NearestOptions, "metric"> = {},
): Promise<Omit<KnnResult, "T">> {
  requireLabels(train, classes, "training");
  requireLabels(test, classes, "test");
  const found = await nearest(device, train.features, test.features, 1, { ...options, metric: "l2" });
  const predictions = found.indices.map((i) => train.labels[i]!);
  return { k: 1, accuracy: accuracyOf(predictions, test.labels), predictions };
}

/** Class of every test row from its first k neighbours; of equal sums the lower class. */
export function vote(
  found: Neighbours,
  labels: Uint32Array,
  classes: number,
  { k, T }: KnnSetting,
): Uint32Array<ArrayBuffer> {
  const tests = found.indices.length / found.k;
  const predictions = new Uint32Array(tests);
  const sums = new Float64Array(classes);
  for (let row = 0; row < tests; row++) {
    sums.fill(0);
    const start = row * found.k;
    // Dividing all weights by the first one's changes no order and keeps exp within range at any T.
    const nearestScore = found.scores[start]!;
    for (let i = start; i < start + k; i++) {
      sums[labels[found.indices[i]!]!]! += Math.exp((found.scores[i]! - nearestScore) / T);
    }
    let best = 0;
    for (let c = 1; c < classes; c++) if (sums[c]! > sums[best]!) best = c;
    predictions[row] = best;
  }
  return predictions;
}

/** Share of equal entries. */
export function accuracyOf(predictions: Uint32Array, labels: Uint32Array): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) if (predictions[i] === labels[i]) right++;
  return right / labels.length;
}

const judge = (
  setting: KnnSetting,
  predictions: Uint32Array<ArrayBuffer>,
  labels: Uint32Array,
): KnnResult => ({
  ...setting,
  accuracy: accuracyOf(predictions, labels),
  predictions,
});

function requireWhole(k: number): void {
  if (Number.isInteger(k) && k >= 1) return;
  throw failure({
    operation: "classify",
    object: "by weighted kNN",
    required: "every k must be a positive integer",
    found: `${k}`,
    wayOut: "give k such as 20",
  });
}
