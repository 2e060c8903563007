import assert from "node:assert/strict";
import { largestBinding, plan } from "../../src/gpu/planner.ts";
import { Program } from "../../src/gpu/program.ts";
import { Kernel } from "../../src/gpu/kernel.ts";
import elementwise from "../../src/kernels.wgsl/elementwise.wgsl" with { type: "text" };

const kernel = new Kernel("elementwise", elementwise);

/** x -> y1 -> y2 -> ... a chain in which two neighbours are alive at a time. */
function chain(length: number, size: number): Program {
  const p = new Program();
  let x = p.pinned(p.arena("io", "inputs"), [size], "f32", "x");
  for (let i = 0; i < length; i++) {
    const y = p.value([size], "f32", `y${i}`);
    p.dispatch({
      kernel,
      entry: "copy",
      label: `copy ${i}`,
      read: { a: x },
      write: { y },
      uniform: { n: size / 4, width: 64, s: 0 },
      workgroups: [1],
    });
    x = y;
  }
  p.output(x);
  return p;
}

Deno.test("plan shares bytes along a chain and reports the sum of its roles as the peak", () => {
  const result = plan(chain(10, 64));
  assert.deepEqual(result.heaps, [512]); // two values of 256 bytes alive at once
  assert.equal(result.roles.io, 256 + result.uniforms.byteLength + 256 + 2 ** 20);
  assert.equal(result.peakBytes, Object.values(result.roles).reduce((a, b) => a + b));
  assert.equal(result.peakBytes, result.lowerBoundBytes);
});

Deno.test("plan is a function of the program: the same trace gives the same plan and hash", () => {
  const [a, b] = [chain(6, 128), chain(6, 128)];
  assert.equal(a.hash(), b.hash());
  assert.notEqual(a.hash(), chain(7, 128).hash());
  assert.deepEqual([...plan(a).slots.values()], [...plan(b).slots.values()]);
});

Deno.test("plan refuses a dispatch whose bindings overlap", () => {
  const p = new Program();
  const arena = p.arena("params", "online");
  const x = p.pinned(arena, [64], "f32", "x");
  const y = p.value([64], "f32", "y");
  const [window] = p.windows(arena);
  p.dispatch({
    kernel,
    entry: "add",
    label: "add x to its own window",
    read: { a: x, b: window! },
    write: { y },
    uniform: { n: 16, width: 64, s: 0 },
    workgroups: [1],
  });
  assert.throws(() => plan(p), /Cannot bind "add x to its own window": "b" and "a" must not overlap/);
});

Deno.test("plan refuses what an adapter cannot bind, and largestBinding says what it must allow", () => {
  const program = chain(4, 64);
  assert.equal(largestBinding(program)?.bytes, 256);
  plan(program, { maxBindingBytes: 256 });
  assert.throws(
    () => plan(program, { maxBindingBytes: 128 }),
    /Cannot bind "x" \[64\]: it needs 256 bytes and the largest storage binding is 128 bytes/,
  );
});
