import assert from "node:assert/strict";
import { Program } from "../../src/gpu/program.ts";
import { align, Arena, homeOf, rootOf, Value } from "../../src/gpu/value.ts";

Deno.test("a value names its label and shape and refuses dimensions below one", () => {
  assert.equal(String(new Value(0, [2, 3], "f32", "z")), '"z" [2, 3]');
  assert.throws(
    () => new Value(0, [2, 0], "f32", "z"),
    /every dimension must be a positive integer, current shape is \[2, 0\]/,
  );
  assert.equal(new Value(0, [], "f32", "scalar").size, 1);
});

Deno.test("align rounds up to binding offsets", () => {
  assert.deepEqual([1, 256, 257].map(align), [256, 256, 512]);
});

Deno.test("an alias shares the bytes of what it stands for, and may not change their number", () => {
  const p = new Program();
  const x = p.pinned(p.arena("io", "inputs"), [2, 6], "f32", "x");
  const y = p.alias(p.alias(x, [12]), [3, 4]);
  assert.equal(rootOf(y), x);
  assert.deepEqual(homeOf(y), homeOf(x));
  assert.throws(() => p.alias(x, [5]), /the number of elements must not change/);
});

Deno.test("regroup moves members before the layout is fixed, not after", () => {
  const arena = new Arena("params", "online");
  const [a, b] = ["a", "b"].map((label, i) => arena.add(new Value(i, [64], "f32", label), "decay"));
  arena.regroup((value, group) => value === a ? "frozen" : group);
  arena.seal(["decay"]);
  assert.deepEqual([b, a].map((v) => arena.offsetOf(v!)), [0, 256]);
  assert.throws(() => arena.regroup((_, g) => g), /its layout is fixed already/);
  assert.throws(() => arena.add(new Value(9, [1], "f32", "late")), /must still be open/);
});
