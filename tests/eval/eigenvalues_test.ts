import assert from "node:assert/strict";
import { symmetricEigenvalues } from "../../src/eval/eigenvalues.ts";
import { signed } from "../nn/hashed.ts";

/** Q diag(values) Q^T with Q a product of reflections of hashed vectors: a full matrix of known spectrum. */
function withSpectrum(values: readonly number[]): Float64Array {
  const n = values.length;
  const a = new Float64Array(n * n);
  values.forEach((v, i) => a[i * n + i] = v);
  for (let round = 0; round < 3; round++) {
    const v = signed(`reflection ${round}`, n);
    const square = v.reduce((s, x) => s + x * x, 0);
    const both = [(i: number, j: number) => i * n + j, (i: number, j: number) => j * n + i];
    for (const at of both) {
      for (let i = 0; i < n; i++) {
        let along = 0;
        for (let j = 0; j < n; j++) along += a[at(i, j)]! * v[j]!;
        for (let j = 0; j < n; j++) a[at(i, j)]! -= 2 * along / square * v[j]!;
      }
    }
  }
  return a;
}

function check(values: readonly number[], matrix = withSpectrum(values)): void {
  const found = symmetricEigenvalues(matrix, values.length);
  const sorted = [...values].sort((a, b) => b - a);
  // Backward stable: errors of a small multiple of n roundings of the largest eigenvalue.
  const tolerance = 1e-15 * (values.length + 4) * Math.max(...values.map(Math.abs));
  sorted.forEach((v, i) => assert.ok(Math.abs(found[i]! - v) <= tolerance, `${i}: ${found[i]} for ${v}`));
}

Deno.test("symmetricEigenvalues finds known spectra: spread, repeated, zero, negative, of one size", () => {
  check([3]);
  check([0, 0, 0]);
  check([2, -1]);
  check([1, 1, 1, 1, 1, 1]);
  check(Array.from({ length: 60 }, (_, i) => 10 ** (-i / 5)));
  check([5, 5, 5, 1, 1, 0, 0, 0, -2, -2, -7]);
  check(Array.from({ length: 33 }, (_, i) => 1e12 * (i - 16)));
  check(Array.from({ length: 7 }, (_, i) => 1e-200 * i));
});

Deno.test("symmetricEigenvalues finds the cosines of the path graph and leaves the matrix alone", () => {
  const n = 50;
  const path = new Float64Array(n * n);
  for (let i = 0; i + 1 < n; i++) path[i * n + i + 1] = path[(i + 1) * n + i] = 1;
  const before = path.slice();
  check(Array.from({ length: n }, (_, i) => 2 * Math.cos(Math.PI * (i + 1) / (n + 1))), path);
  assert.deepEqual(path, before);
});

Deno.test("symmetricEigenvalues keeps diagonal matrices, trace and sum of squares", () => {
  const diagonal = new Float64Array(16);
  [4, 1, 3, 2].forEach((v, i) => diagonal[i * 5] = v);
  check([4, 1, 3, 2], diagonal);
  const n = 41;
  const a = new Float64Array(n * n);
  const draw = signed("dense", n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = draw[i * n + j]!;
  const found = symmetricEigenvalues(a, n);
  const trace = Array.from({ length: n }, (_, i) => a[i * n + i]!).reduce((x, y) => x + y);
  assert.ok(Math.abs(found.reduce((x, y) => x + y) - trace) < 1e-12);
  const squares = a.reduce((s, v) => s + v * v, 0);
  // 41 eigenvalues of at most 7.4, each off by 3e-13 at most.
  assert.ok(Math.abs(found.reduce((s, v) => s + v * v, 0) - squares) < 1e-10);
});
