/** Small dense matrices in f64, row-major. Shapes are the caller's business: a mismatch throws. */
import { failure } from "../../../src/base/error.ts";
import type { PhiloxStream } from "../../../src/base/random.ts";

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** A matrix from its entries. */
export function build(rows: number, columns: number, entry: (i: number, j: number) => number): Matrix {
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) data[i * columns + j] = entry(i, j);
  }
  return { rows, columns, data };
}

export const zeros = (rows: number, columns: number): Matrix => build(rows, columns, () => 0);
export const identity = (n: number): Matrix => build(n, n, (i, j) => i === j ? 1 : 0);
export const diagonal = (d: readonly number[]): Matrix =>
  build(d.length, d.length, (i, j) => i === j ? d[i]! : 0);

/** Independent normal entries with the given deviation. */
export function gaussian(rows: number, columns: number, stream: PhiloxStream, deviation = 1): Matrix {
  return build(rows, columns, () => deviation * stream.normal());
}

export const at = (a: Matrix, i: number, j: number): number => a.data[i * a.columns + j]!;
/** Row i as a view. */
export const row = (a: Matrix, i: number): Float64Array =>
  a.data.subarray(i * a.columns, (i + 1) * a.columns);
export const transpose = (a: Matrix): Matrix => build(a.columns, a.rows, (i, j) => at(a, j, i));
export const scale = (a: Matrix, by: number): Matrix => ({ ...a, data: a.data.map((x) => x * by) });
/** The first n columns. */
export const firstColumns = (a: Matrix, n: number): Matrix => build(a.rows, n, (i, j) => at(a, i, j));

/** a b. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  agree("multiply", a, b, a.columns === b.rows);
  const c = zeros(a.rows, b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < a.columns; k++) {
      const x = a.data[i * a.columns + k]!;
      for (let j = 0; j < b.columns; j++) c.data[i * c.columns + j]! += x * b.data[k * b.columns + j]!;
    }
  }
  return c;
}

/** The product of several, from the left. */
export const product = (...all: readonly [Matrix, ...Matrix[]]): Matrix => all.reduce(multiply);

/** a^T a. */
export const gram = (a: Matrix): Matrix => multiply(transpose(a), a);

/** a + factor b. */
export function add(a: Matrix, b: Matrix, factor = 1): Matrix {
  agree("add", a, b, a.rows === b.rows && a.columns === b.columns);
  return { ...a, data: a.data.map((x, i) => x + factor * b.data[i]!) };
}

/** Root of the sum of squares. */
export function frobenius(a: Matrix): number {
  return Math.hypot(...a.data);
}

/** Sum of the diagonal. */
export function trace(a: Matrix): number {
  let sum = 0;
  for (let i = 0; i < a.rows; i++) sum += at(a, i, i);
  return sum;
}

/** |a - b| / |b| in the Frobenius norm. */
export function relativeDistance(a: Matrix, b: Matrix): number {
  return frobenius(add(a, b, -1)) / frobenius(b);
}

function agree(operation: string, a: Matrix, b: Matrix, condition: boolean): void {
  if (condition) return;
  throw failure({
    operation,
    object: "two matrices",
    required: "their shapes must agree",
    found: `${a.rows} x ${a.columns} and ${b.rows} x ${b.columns}`,
    wayOut: "transpose one of them or cut it to size",
  });
}
