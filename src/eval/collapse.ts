/**
 * What collapsed features look like in numbers: spread of each feature, effective rank, alignment and uniformity. All
 * in f64 on the host, over rows chosen by a seed where a set is larger than the limit that each function states.
 */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { failure } from "../base/error.ts";
import { permutation } from "../base/random.ts";
import type { Features } from "./features.ts";
import { normalised } from "./nearest.ts";

export interface SampleOptions {
  /** Most rows to use; a subset of that size is drawn by the seed when there are more. */
  readonly most?: number;
  readonly seed?: number;
}

/**
 * Mean over features of the standard deviation over rows, of rows normalised to length one (Chen & He, arXiv
 * 2011.10566, figure 2): 0 when all rows are equal, 1 / sqrt(width) for rows uniform on the sphere.
 */
export function featureStd(features: Features): number {
  const y = normalised(features, "given");
  const { rows, width } = features;
  let total = 0;
  for (let c = 0; c < width; c++) {
    let mean = 0;
    for (let r = 0; r < rows; r++) mean += y[r * width + c]! / rows;
    let square = 0;
    for (let r = 0; r < rows; r++) square += (y[r * width + c]! - mean) ** 2;
    total += Math.sqrt(square / rows) / width;
  }
  return total;
}

/** Singular values of the rows, largest first: roots of the eigenvalues of the smaller Gram matrix. */
export function singularValues({ values, rows, width }: Features): Float64Array {
  const n = Math.min(rows, width);
  const gram = Array.from({ length: n }, () => new Float64Array(n)); // the lower triangle, then the whole
  if (width <= rows) {
    for (let r = 0; r < rows; r++) {
      const row = values.subarray(r * width, (r + 1) * width);
      for (let i = 0; i < n; i++) {
        const x = row[i]!;
        if (x !== 0) { for (let j = 0; j <= i; j++) gram[i]![j]! += x * row[j]!; }
      }
    }
  } else {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let d = 0; d < width; d++) sum += values[i * width + d]! * values[j * width + d]!;
        gram[i]![j] = sum;
      }
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) gram[j]![i] = gram[i]![j]!;
  const { realEigenvalues } = new EigenvalueDecomposition(new Matrix(gram), { assumeSymmetric: true });
  return Float64Array.from(realEigenvalues, (v) => Math.sqrt(Math.max(v, 0))).sort().reverse();
}

/**
 * RankMe (Garrido et al., arXiv 2210.02885): exp of the entropy of the singular values divided by their sum, plus 1e-7
 * each, of the features as they are. Between 1 and min(rows, width). Uses at most 25,600 rows, as the paper does.
 * Singular values below about 1e-8 of the largest are rounding, since the Gram matrix squares them.
 */
export function rankMe(features: Features, { most = 25_600, seed = 0 }: SampleOptions = {}): number {
  requireFinite(features);
  const sigma = singularValues(sample(features, most, seed));
  const sum = sigma.reduce((a, b) => a + b, 0);
  if (sum === 0) {
    throw failure({
      operation: "compute the rank of",
      object: "the features",
      required: "some value must not be zero",
      found: "zeros only",
      wayOut: "the encoder puts out nothing, so it has no rank to speak of",
    });
  }
  let entropy = 0;
  for (const s of sigma) {
    const p = s / sum + 1e-7;
    entropy -= p * Math.log(p);
  }
  return Math.exp(entropy);
}

/** Mean of |z - z+|^2 over rows of two sets, row i of both from one image; rows normalised. Between 0 and 4. */
export function alignment(first: Features, second: Features): number {
  if (first.rows !== second.rows || first.width !== second.width) {
    throw failure({
      operation: "align",
      object: "two sets of features",
      required: "row i of both must come from image i",
      found: `(${first.rows}, ${first.width}) and (${second.rows}, ${second.width})`,
      wayOut: "take both from the same images and encoder",
    });
  }
  const a = normalised(first, "first"), b = normalised(second, "second");
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum / first.rows;
}

/**
 * log of the mean of exp(-2 |z - z'|^2) over all pairs of different rows, rows normalised (Wang & Isola, arXiv
 * 2005.10242): 0 when all are equal, lower the more uniform. Uses at most 2048 rows.
 */
export function uniformity(features: Features, { most = 2048, seed = 0 }: SampleOptions = {}): number {
  const chosen = sample(features, most, seed);
  const { rows, width } = chosen;
  if (rows < 2) {
    throw failure({
      operation: "compute the uniformity of",
      object: "the features",
      required: "two rows or more are needed",
      found: `${rows}`,
      wayOut: "use more images",
    });
  }
  const y = normalised(chosen, "given");
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) {
      let square = 0;
      for (let d = 0; d < width; d++) square += (y[i * width + d]! - y[j * width + d]!) ** 2;
      sum += Math.exp(-2 * square);
    }
  }
  return Math.log(sum / (rows * (rows - 1) / 2));
}

/** The rows, or `most` of them that the seed chooses. */
function sample(features: Features, most: number, seed: number): Features {
  const { values, rows, width } = features;
  if (rows <= most) return features;
  const chosen = permutation(rows, seed, 0).subarray(0, most);
  const out = new Float32Array(most * width);
  chosen.forEach((row, i) => out.set(values.subarray(row * width, (row + 1) * width), i * width));
  return { values: out, rows: most, width };
}

function requireFinite({ values }: Features): void {
  const at = values.findIndex((v) => !Number.isFinite(v));
  if (at < 0) return;
  throw failure({
    operation: "compute the rank of",
    object: "the features",
    required: "every value must be finite",
    found: `${values[at]} at element ${at}`,
    wayOut: "check the encoder that made them",
  });
}
