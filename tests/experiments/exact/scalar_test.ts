import assert from "node:assert/strict";
import { differences, largest } from "../../../experiments/exact/differences.ts";
import * as s from "../../../experiments/exact/scalar.ts";

const POINT = [0.7, 1.9, 0.4];

const FUNCTIONS: Record<string, (x: readonly s.Scalar[]) => s.Scalar> = {
  add: ([a, b]) => s.add(a!, b!),
  subtract: ([a, b]) => s.subtract(a!, b!),
  multiply: ([a, b]) => s.multiply(a!, b!),
  divide: ([a, b]) => s.divide(a!, b!),
  "times, negate": ([a]) => s.negate(s.times(a!, 3)),
  power: ([a]) => s.power(a!, 0.5),
  exp: ([a]) => s.exp(a!),
  log: ([a]) => s.log(a!),
  tanh: ([a]) => s.tanh(a!),
  "sum, mean": (x) => s.multiply(s.sum(x), s.mean(x)),
  "dot with itself": (x) => s.dot(x, x),
  unit: (x) => s.unit(x)[1]!,
  logSoftmax: (x) => s.logSoftmax(x)[2]!,
  "a value used twice": ([a, b]) => s.multiply(s.exp(s.multiply(a!, b!)), s.multiply(a!, a!)),
};

Deno.test("grad agrees with central differences for every operation, and so does grad of grad", () => {
  for (const [name, f] of Object.entries(FUNCTIONS)) {
    const value = (at: readonly number[]) => f(s.variables(at)).value;
    const slope = (at: readonly number[]) => {
      const x = s.variables(at);
      return s.grad(f(x), x);
    };
    assert.ok(largest(s.numbers(slope(POINT)), differences(value, POINT)) < 1e-10, name); // rounding / 1e-3
    POINT.forEach((_, i) => {
      const x = s.variables(POINT);
      const second = s.numbers(s.grad(s.grad(f(x), x)[i]!, x));
      assert.ok(
        largest(second, differences((at) => slope(at)[i]!.value, POINT)) < 1e-10,
        `${name}, second ${i}`,
      );
    });
  }
});

Deno.test("stop hides the past, and a target hides nothing that lies behind it", () => {
  const [x] = s.variables([3]);
  const y = s.multiply(x!, x!);
  assert.equal(s.grad(s.multiply(y, s.stop(y)), [x!])[0]!.value, 54); // 2x times the frozen 9
  const [byY, byX] = s.numbers(s.grad(s.multiply(y, y), [y, x!]));
  assert.deepEqual([byY, byX], [18, 108]);
  assert.equal(s.grad(y, [s.constant(1)])[0]!.value, 0, "no path gives 0");
});

Deno.test("pull sums seeds times derivatives, and wants as many seeds as outputs", () => {
  const x = s.variables([2, 5]);
  const outputs = [s.multiply(x[0]!, x[1]!), s.add(x[0]!, x[1]!)];
  assert.deepEqual(s.numbers(s.pull(outputs, [s.constant(10), s.constant(1)], x)), [51, 21]);
  assert.throws(() => s.pull(outputs, [], x), /outputs and seeds must be as many/);
});
