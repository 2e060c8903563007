import assert from "node:assert/strict";
import { Kernel } from "../../src/gpu/kernel.ts";
import { Program } from "../../src/gpu/program.ts";
import elementwise from "../../src/kernels.wgsl/elementwise.wgsl" with { type: "text" };

const kernel = new Kernel("elementwise", elementwise);
const uniform = { n: 1, width: 64, s: 0 };

function start(): { p: Program; x: ReturnType<Program["value"]> } {
  const p = new Program();
  return { p, x: p.pinned(p.arena("io", "inputs"), [4], "f32", "x") };
}

Deno.test("dispatch names what is wrong: unknown binding, unknown field, missing field, unwritten value", () => {
  const { p, x } = start();
  const y = p.value([4], "f32", "y");
  const base = { kernel, entry: "copy", label: "copy", write: { y }, workgroups: [1] as [number] };
  assert.throws(
    () => p.dispatch({ ...base, read: { q: x }, uniform }),
    /declares no binding "q", it has a, b, y/,
  );
  assert.throws(
    () => p.dispatch({ ...base, read: { a: x }, uniform: { ...uniform, z: 1 } }),
    /no uniform field "z"/,
  );
  assert.throws(
    () => new Program().dispatch({ ...base, read: { a: x }, uniform: { n: 1, width: 64 } }),
    /"s" of kernel "elementwise" must be a number, current value is undefined/,
  );
  const other = start();
  const ghost = other.p.value([4], "f32", "ghost");
  assert.throws(
    () =>
      other.p.dispatch({
        ...base,
        write: { y: other.p.value([4], "f32", "z") },
        read: { a: ghost },
        uniform,
      }),
    /reads "ghost" \[4\], which nothing wrote/,
  );
});

Deno.test("dispatch refuses a second write, a double binding, and updates outside an effect", () => {
  const { p, x } = start();
  const y = p.value([4], "f32", "y");
  const copy = {
    kernel,
    entry: "copy",
    label: "copy",
    read: { a: x },
    write: { y },
    uniform,
    workgroups: [1] as [number],
  };
  p.dispatch(copy);
  assert.throws(() => p.dispatch(copy), /which was written already/);
  const add = { ...copy, entry: "add", label: "add", write: { y: p.value([4], "f32", "z") } };
  assert.throws(() => p.dispatch({ ...add, read: { a: x, b: x } }), /bound once in a dispatch/);
  const update = {
    kernel,
    entry: "copy",
    label: "set",
    read: { a: y },
    update: { y: x },
    uniform,
    workgroups: [1] as [number],
  };
  assert.throws(() => p.dispatch(update), /only an effect may change pinned values/);
  p.effect("set", () => p.dispatch(update));
  assert.deepEqual(p.effects, ["set"]);
});

Deno.test("dispatch refuses workgroup counts past the limit", () => {
  const { p, x } = start();
  const y = p.value([4], "f32", "y");
  assert.throws(
    () =>
      p.dispatch({
        kernel,
        entry: "copy",
        label: "c",
        read: { a: x },
        write: { y },
        uniform,
        workgroups: [70_000],
      }),
    /each workgroup count must be 1 to 65535/,
  );
});
