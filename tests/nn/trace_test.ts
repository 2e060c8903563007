import assert from "node:assert/strict";
import { requireShape, Trace } from "../../src/nn/trace.ts";

const zeros = (_draw: unknown, size: number) => new Float32Array(size);

Deno.test("step scalars carry their schedule, and one name has one schedule", () => {
  const t = new Trace();
  const falling = (step: number) => 1 / (step + 1);
  const slot = t.scalar("lr", falling);
  const other = t.scalar("m", () => 0.9);
  assert.notEqual(slot, other);
  assert.equal(t.scalar("lr", falling), slot, "the same function gives the same slot");
  assert.deepEqual(t.program.scalars, ["lr", "m"]);
  assert.deepEqual(t.scalarsAt(3), { lr: 0.25, m: 0.9 });
  assert.throws(() => t.scalar("lr", () => 1), /step scalar "lr": the name is taken/);
});

Deno.test("what later keeps is recorded once, in order, and may itself keep more for the next time", () => {
  const t = new Trace();
  const order: string[] = [];
  t.later(() => order.push("a"));
  t.later(() => {
    order.push("b");
    t.later(() => order.push("c"));
  });
  assert.deepEqual(order, []);
  t.recordLater();
  assert.deepEqual(order, ["a", "b"]);
  t.recordLater();
  assert.deepEqual(order, ["a", "b", "c"]);
  t.recordLater();
  assert.equal(order.length, 3);
});

Deno.test("inputs, parameters and states have names of their own", () => {
  const t = new Trace();
  const arena = t.program.arena("params", "online");
  const state = t.program.arena("state", "kept");
  t.input("x", [2]);
  t.parameter(arena, "w", [2], "vector", zeros);
  const kept = t.state(state, "s", [2], zeros, "u32", "second");
  assert.equal(kept.dtype, "u32");
  assert.equal(state.groupOf(kept), "second");
  assert.throws(() => t.input("x", [3]), /input "x": the name is taken/);
  assert.throws(
    () => t.parameter(arena, "w", [3], "vector", zeros),
    /parameter "w": the name is taken/,
  );
  assert.throws(() => t.state(state, "s", [3], zeros), /state "s": the name is taken/);
});

Deno.test("record knows the producer of every output", () => {
  const t = new Trace();
  const x = t.input("x", [2]);
  const y = t.value([2], "y");
  t.record("op", [x], [y], { vjp: () => [undefined], reference: ([x]) => [x!] });
  assert.equal(t.producer(y)?.op, "op");
  assert.equal(t.producer(x), undefined);
});

Deno.test("requireShape names the values and their shapes", () => {
  const t = new Trace();
  const a = t.value([512, 2048], "z1"), b = t.value([1024, 128], "projector.w");
  assert.throws(() => requireShape(false, "matmul", "inner dimensions must match", a, b), {
    name: "AssayError",
    message:
      'Cannot matmul "z1" by "projector.w": inner dimensions must match, current shapes are [512, 2048] and [1024, 128].',
  });
  requireShape(true, "matmul", "", a, b);
});
