import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { PhiloxStream } from "../../../../src/base/random.ts";
import * as m from "../../../../experiments/sdiet/exact/linear_algebra.ts";

const draw = (rows: number, columns: number, seed: number) =>
  m.gaussian(rows, columns, new PhiloxStream([seed, 0]));
/** Orthonormal columns to rounding: a few dozen operations per entry. */
const orthonormal = (q: Matrix) => m.gram(q).sub(Matrix.eye(q.columns)).norm() < 1e-13;

Deno.test("build, product, gram, firstColumns and relativeDistance give the values worked out by hand", () => {
  const a = m.build(2, 3, (i, j) => 3 * i + j + 1); // 1 2 3 / 4 5 6
  const b = m.build(3, 2, (i, j) => i === j ? 1 : -1); // 1 -1 / -1 1 / -1 -1
  assert.deepEqual(m.product(a, b, Matrix.eye(2)).to2DArray(), [[-4, -2], [-7, -5]]);
  assert.deepEqual(m.gram(a).to2DArray(), [[17, 22, 27], [22, 29, 36], [27, 36, 45]]);
  assert.deepEqual(m.firstColumns(a, 1).to1DArray(), [1, 4]);
  assert.equal(m.relativeDistance(Matrix.mul(a, 1.5), a), 0.5);
});

Deno.test("gaussian entries depend on the stream alone and have the asked deviation", () => {
  const some = () => m.gaussian(50, 40, new PhiloxStream([1, 2]), 3);
  assert.deepEqual(some().to1DArray(), some().to1DArray());
  // 2000 draws: the deviation's standard error is 3 / sqrt(4000), five of them allowed.
  assert.ok(Math.abs(some().norm() / Math.sqrt(2000) - 3) < 0.24);
});

Deno.test("symmetricEigen rebuilds the matrix from orthonormal vectors, largest value first", () => {
  for (const n of [1, 2, 5, 16]) {
    const half = draw(n, n, n);
    const a = Matrix.add(half, half.transpose());
    const { values, vectors } = m.symmetricEigen(a);
    const rebuilt = m.product(vectors, Matrix.diag(values), vectors.transpose());
    assert.ok(m.relativeDistance(rebuilt, a) < 1e-13 && orthonormal(vectors), `n ${n}`);
    assert.ok(values.every((v, i) => i === 0 || v <= values[i - 1]!));
  }
  assert.deepEqual(
    m.symmetricEigen(m.build(2, 2, (i, j) => i === j ? 2 : 1)).values.map((v) => +v.toFixed(12)),
    [3, 1],
  );
});

Deno.test("svd rebuilds wide and tall matrices and keeps small singular values", () => {
  for (const [rows, columns] of [[3, 3], [12, 8], [4, 9], [1, 5]] as const) {
    const a = draw(rows, columns, rows);
    const { u, s, v } = m.svd(a);
    assert.ok(m.relativeDistance(m.product(u, Matrix.diag(s), v.transpose()), a) < 1e-13);
    assert.ok(orthonormal(u) && orthonormal(v), `${rows} x ${columns}`);
  }
  const [q, r] = [m.svd(draw(6, 6, 1)).u, m.svd(draw(6, 6, 2)).u];
  const wanted = [1e3, 1, 1e-3, 1e-6, 1e-8, 1e-9];
  const { s } = m.svd(m.product(q, Matrix.diag(wanted), r.transpose()));
  // The product itself rounds at 1e3 * 2^-53, which bounds every singular value's absolute error.
  s.forEach((x, i) => assert.ok(Math.abs(x - wanted[i]!) < 1e-12, `${x} for ${wanted[i]}`));
});

Deno.test("svd of a rank-deficient matrix has zero singular values and no NaN", () => {
  const { u, s } = m.svd(draw(5, 1, 3).mmul(draw(1, 4, 4)));
  assert.ok(s[0]! > 0.1 && s.slice(1).every((x) => x < 1e-14));
  assert.ok(u.to1DArray().every(Number.isFinite));
  assert.deepEqual(m.svd(Matrix.zeros(3, 2)).s, [0, 0]);
});

Deno.test("symmetricPower inverts, takes roots, and refuses what is not positive definite", () => {
  const c = m.gram(draw(9, 6, 5)).add(Matrix.eye(6));
  const root = m.symmetricPower(c, -0.5);
  assert.ok(m.product(root, c, root).sub(Matrix.eye(6)).norm() < 1e-13);
  assert.throws(() => m.symmetricPower(Matrix.diag([1, -1]), 0.5), /must be positive definite, its smallest/);
});

Deno.test("principalAngles measures angles of row spaces, tiny ones too, whatever the basis", () => {
  const plane = m.build(2, 3, (i, j) => i === j ? 1 : 0);
  for (const angle of [0.7, 1e-9]) {
    const tilted = new Matrix([[1, 0, 0], [0, Math.cos(angle), Math.sin(angle)]]);
    const angles = m.principalAngles(plane, draw(2, 2, 6).mmul(tilted));
    assert.ok(Math.abs(angles[0]! - angle) < 1e-14, `${angles}`);
    assert.ok(Math.abs(angles[1]!) < 1e-14);
  }
});

Deno.test("polar gives the nearest orthogonal matrix", () => {
  const q = m.svd(draw(4, 4, 7)).u;
  const stretched = q.mmul(m.gram(draw(6, 4, 8)).add(Matrix.eye(4)));
  assert.ok(m.relativeDistance(m.polar(stretched), q) < 1e-12);
});
