import assert from "node:assert/strict";
import { encoderByName } from "../../src/nn/encoders/table.ts";
import { Scope } from "../../src/nn/scope.ts";
import { Trace } from "../../src/nn/trace.ts";

const zeros = (_: unknown, n: number) => new Float32Array(n);

Deno.test("scopes name tensors by path, and by arena outside the online one", () => {
  const s = Scope.root(new Trace(), { hyper: { T: 0.2 } });
  const deep = s.child("encoder").child("layer1");
  assert.equal(deep.nameOf("weight"), "encoder.layer1.weight");
  assert.equal(deep.inArena("momentum", "momentum").nameOf("weight"), "momentum/encoder.layer1.weight");
  assert.equal(deep.hyper("T"), 0.2);
  assert.equal(deep.inMode("eval").mode, "eval");
});

Deno.test("hyper refuses a letter that the method does not declare", () => {
  const s = Scope.root(new Trace(), { hyper: { T: 0.2 } });
  assert.throws(() => s.hyper("m"), /the method must declare it, its letters are T/);
  assert.throws(() => s.hyper("toString"), /must declare it/);
});

Deno.test("parameters lists what was created at or below a path, in its own arena", () => {
  const s = Scope.root(new Trace());
  const a = s.child("a").parameter("w", [2], "vector", zeros);
  const ab = s.child("a").child("b").parameter("w", [2], "vector", zeros);
  const abc = s.child("ab").parameter("w", [2], "vector", zeros);
  const other = s.inArena("predictor").child("a").parameter("w", [2], "vector", zeros);
  assert.deepEqual(s.parameters(), [a, ab, abc]);
  assert.deepEqual(s.parameters("a"), [a, ab]);
  assert.deepEqual(s.inArena("predictor").parameters(), [other]);
});

Deno.test("a scope says what is missing: a name used twice, no encoder, labels once for all", () => {
  const s = Scope.root(new Trace(), { batch: 4 });
  s.parameter("w", [1], "vector", zeros);
  assert.throws(() => s.parameter("w", [1], "vector", zeros), /Cannot add parameter "w": the name is taken/);
  assert.throws(() => s.encoder(), /the setup of this scope names none/);
  assert.equal(s.labels(), s.child("x").labels());
});

Deno.test("a teacher lies in an arena of its own, in evaluation mode, loaded with its running statistics", () => {
  const t = new Trace();
  const build = (s: Scope) => encoderByName("tiny", s, { image: 16 });
  const s = Scope.root(t, { batch: 2, encoder: build, teacher: build }).child("deep");
  s.teacher().apply(t.input("x", [2, 16, 16, 3]));
  assert.deepEqual([...t.loaded].map((arena) => arena.name), ["teacher", "teacher.state"]);
  assert.ok(
    [...t.parameters.keys(), ...t.states.keys()].every((name) => name.startsWith("teacher/encoder.")),
  );
  assert.ok(t.features.every((f) => f.arena === "teacher" && f.mode === "eval"));
  assert.throws(
    () => Scope.root(t).teacher(),
    /Cannot build the teacher: the run's specification must name one/,
  );
});

Deno.test("metric refuses a name twice", () => {
  const t = new Trace();
  const s = Scope.root(t);
  s.metric("norm", t.input("x", [1]));
  assert.throws(() => s.metric("norm", t.inputs.get("x")!), /Cannot report metric "norm": the name is taken/);
});
