import assert from "node:assert/strict";
import { PhiloxStream } from "../../../../src/base/random.ts";
import {
  polar,
  principalAngles,
  svd,
  symmetricEigen,
  symmetricPower,
} from "../../../../experiments/sdiet/exact/decompose.ts";
import * as m from "../../../../experiments/sdiet/exact/matrix.ts";

const draw = (rows: number, columns: number, seed: number) =>
  m.gaussian(rows, columns, new PhiloxStream([seed, 0]));
/** Orthonormal columns to rounding: a few dozen operations per entry. */
const orthonormal = (q: m.Matrix) => m.frobenius(m.add(m.gram(q), m.identity(q.columns), -1)) < 1e-13;

Deno.test("symmetricEigen rebuilds the matrix from orthonormal vectors, largest value first", () => {
  for (const n of [1, 2, 5, 16]) {
    const half = draw(n, n, n);
    const a = m.add(half, m.transpose(half));
    const { values, vectors } = symmetricEigen(a);
    const rebuilt = m.product(vectors, m.diagonal(values), m.transpose(vectors));
    assert.ok(m.relativeDistance(rebuilt, a) < 1e-13 && orthonormal(vectors), `n ${n}`);
    assert.ok(values.every((v, i) => i === 0 || v <= values[i - 1]!));
  }
  assert.deepEqual(
    symmetricEigen(m.build(2, 2, (i, j) => i === j ? 2 : 1)).values.map((v) => +v.toFixed(12)),
    [3, 1],
  );
});

Deno.test("svd rebuilds wide and tall matrices and keeps small singular values", () => {
  for (const [rows, columns] of [[3, 3], [12, 8], [4, 9], [1, 5]] as const) {
    const a = draw(rows, columns, rows);
    const { u, s, v } = svd(a);
    assert.ok(m.relativeDistance(m.product(u, m.diagonal(s), m.transpose(v)), a) < 1e-13);
    assert.ok(orthonormal(u) && orthonormal(v), `${rows} x ${columns}`);
  }
  const [q, r] = [svd(draw(6, 6, 1)).u, svd(draw(6, 6, 2)).u];
  const wanted = [1e3, 1, 1e-3, 1e-6, 1e-8, 1e-9];
  const { s } = svd(m.product(q, m.diagonal(wanted), m.transpose(r)));
  // The product itself rounds at 1e3 * 2^-53, which bounds every singular value's absolute error.
  s.forEach((x, i) => assert.ok(Math.abs(x - wanted[i]!) < 1e-12, `${x} for ${wanted[i]}`));
});

Deno.test("svd of a rank-deficient matrix has zero singular values and no NaN", () => {
  const { u, s } = svd(m.multiply(draw(5, 1, 3), draw(1, 4, 4)));
  assert.ok(s[0]! > 0.1 && s.slice(1).every((x) => x < 1e-14));
  assert.ok(u.data.every(Number.isFinite));
  assert.deepEqual(svd(m.zeros(3, 2)).s, [0, 0]);
});

Deno.test("symmetricPower inverts, takes roots, and refuses what is not positive definite", () => {
  const c = m.add(m.gram(draw(9, 6, 5)), m.identity(6));
  const root = symmetricPower(c, -0.5);
  assert.ok(m.frobenius(m.add(m.product(root, c, root), m.identity(6), -1)) < 1e-13);
  assert.throws(() => symmetricPower(m.diagonal([1, -1]), 0.5), /must be positive definite, its smallest/);
});

Deno.test("principalAngles measures angles of row spaces, tiny ones too, whatever the basis", () => {
  const plane = m.build(2, 3, (i, j) => i === j ? 1 : 0);
  for (const angle of [0.7, 1e-9]) {
    const tilted = m.build(
      2,
      3,
      (i, j) => i === 0 ? (j === 0 ? 1 : 0) : [0, Math.cos(angle), Math.sin(angle)][j]!,
    );
    const angles = principalAngles(plane, m.multiply(draw(2, 2, 6), tilted));
    assert.ok(Math.abs(angles[0]! - angle) < 1e-14, `${angles}`);
    assert.ok(Math.abs(angles[1]!) < 1e-14);
  }
});

Deno.test("polar gives the nearest orthogonal matrix", () => {
  const q = svd(draw(4, 4, 7)).u;
  const stretched = m.multiply(q, m.add(m.gram(draw(6, 4, 8)), m.identity(4)));
  assert.ok(m.relativeDistance(polar(stretched), q) < 1e-12);
});
