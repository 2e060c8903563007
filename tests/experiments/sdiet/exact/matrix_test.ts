import assert from "node:assert/strict";
import { PhiloxStream } from "../../../../src/base/random.ts";
import * as m from "../../../../experiments/sdiet/exact/matrix.ts";

const a = m.build(2, 3, (i, j) => 3 * i + j + 1); // 1 2 3 / 4 5 6
const b = m.build(3, 2, (i, j) => i === j ? 1 : -1); // 1 -1 / -1 1 / -1 -1

Deno.test("multiply, transpose, gram and trace give the values worked out by hand", () => {
  assert.deepEqual([...m.multiply(a, b).data], [-4, -2, -7, -5]);
  assert.deepEqual([...m.transpose(a).data], [1, 4, 2, 5, 3, 6]);
  assert.deepEqual([...m.gram(a).data], [17, 22, 27, 22, 29, 36, 27, 36, 45]);
  assert.equal(m.trace(m.gram(a)), 91);
  assert.deepEqual(m.product(a, b, m.identity(2)), m.multiply(a, b));
});

Deno.test("add, scale, rows and columns, and norms", () => {
  assert.deepEqual([...m.add(a, a, -0.5).data], [0.5, 1, 1.5, 2, 2.5, 3]);
  assert.deepEqual([...m.scale(a, 2).data], [2, 4, 6, 8, 10, 12]);
  assert.deepEqual([...m.row(a, 1)], [4, 5, 6]);
  assert.deepEqual([...m.firstColumns(a, 1).data], [1, 4]);
  assert.deepEqual([...m.diagonal([2, 3]).data], [2, 0, 0, 3]);
  assert.equal(m.frobenius(m.build(1, 2, (_, j) => 3 + j)), 5);
  assert.equal(m.relativeDistance(m.scale(a, 1.5), a), 0.5);
  assert.equal(m.at(a, 1, 0), 4);
  assert.deepEqual(m.zeros(1, 2), m.scale(m.zeros(1, 2), 3));
});

Deno.test("gaussian entries depend on the stream alone and have the asked deviation", () => {
  const draw = () => m.gaussian(50, 40, new PhiloxStream([1, 2]), 3);
  assert.deepEqual(draw(), draw());
  // 2000 draws: the deviation's standard error is 3 / sqrt(4000), five of them allowed.
  assert.ok(Math.abs(m.frobenius(draw()) / Math.sqrt(2000) - 3) < 0.24);
});

Deno.test("shapes that do not agree are refused with both shapes", () => {
  assert.throws(() => m.multiply(a, a), /Cannot multiply two matrices: .* found 2 x 3 and 2 x 3/);
  assert.throws(() => m.add(a, b), /Cannot add two matrices/);
});
