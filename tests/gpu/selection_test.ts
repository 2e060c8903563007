import assert from "node:assert/strict";
import { Kernel } from "../../src/gpu/kernel.ts";
import { Program } from "../../src/gpu/program.ts";
import { selected, type Selection } from "../../src/gpu/selection.ts";
import type { Value } from "../../src/gpu/value.ts";

const kernel = new Kernel(
  "move",
  `@group(0) @binding(0) var<storage, read_write> x: array<f32>; // (n)
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // (n)
@compute @workgroup_size(1)
fn main() { y[0] = x[0]; }
`,
);

/** input -> a -> b (backward, pinned gradient); effect "step" reads the gradient, "bank" reads a, "late" what "step" wrote. */
function recorded() {
  const program = new Program();
  const state = (name: string) => program.pinned(program.arena("state", name), [1], "f32", name);
  const input = state("input"), weight = state("weight"), bank = state("bank"), other = state("other");
  const [a, b, c] = ["a", "b", "c"].map((name) => program.value([1], "f32", name)) as [Value, Value, Value];
  const dispatch = (label: string, x: Value, y: { write?: Value; update?: Value }) =>
    program.dispatch({
      kernel,
      label,
      read: { x },
      ...(y.write && { write: { y: y.write } }),
      ...(y.update && { update: { y: y.update } }),
      workgroups: [1],
    });
  dispatch("forward", input, { write: a });
  program.backward(() => dispatch("backward", a, { write: b }));
  program.arena("grads", "grads").add(b);
  program.effect("step", () => {
    dispatch("ratio", b, { write: c });
    dispatch("step", c, { update: weight });
  });
  program.effect("bank", () => dispatch("bank", a, { update: bank }));
  program.effect("late", () => dispatch("late", c, { update: other }));
  return program.dispatches;
}

const labels = (selection: Selection): string[] => {
  const dispatches = recorded();
  return dispatches.filter(selected(dispatches, selection)).map((d) => d.label);
};

Deno.test("selected runs everything, or leaves out effects by name, or keeps them by name", () => {
  const all = ["forward", "backward", "ratio", "step", "bank", "late"];
  assert.deepEqual(labels({}), all);
  assert.deepEqual(labels({ freeze: ["step"] }), ["forward", "backward", "bank", "late"]);
  assert.deepEqual(labels({ freeze: true }), ["forward", "backward"]);
  assert.deepEqual(labels({ effects: ["bank"] }), ["forward", "backward", "bank"]);
  assert.deepEqual(labels({ effects: [] }), labels({ freeze: true }));
});

Deno.test("selected gives an effect alone with what it reads: the backward pass only where it reads gradients", () => {
  assert.deepEqual(labels({ only: ["bank"] }), ["forward", "bank"]);
  assert.deepEqual(labels({ only: ["step"] }), ["forward", "backward", "ratio", "step"]);
  assert.deepEqual(labels({ only: ["step", "late"] }), ["forward", "backward", "ratio", "step", "late"]);
});

Deno.test("selected refuses an effect alone that reads what another effect writes", () => {
  assert.throws(
    () => labels({ only: ["late"] }),
    /they read "c" \[1\], which another effect writes; name that one/,
  );
});
