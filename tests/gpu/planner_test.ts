import assert from "node:assert/strict";
import fc from "fast-check";
import { type Lifetime, pack, plan } from "../../src/gpu/planner.ts";
import { Program } from "../../src/gpu/program.ts";
import { align, Value } from "../../src/gpu/value.ts";
import { Kernel } from "../../src/gpu/kernel.ts";
import elementwise from "../../src/kernels.wgsl/elementwise.wgsl" with { type: "text" };

const kernel = new Kernel("elementwise", elementwise);

/** Random lifetimes: sizes over five orders of magnitude, spans over a list of 60 dispatches. */
const lifetimesOf = fc.array(
  fc.record({ size: fc.integer({ min: 1, max: 300_000 }), first: fc.nat(60), span: fc.nat(30) }),
  { minLength: 1, maxLength: 80 },
).map((list) =>
  list.map((l, i): Lifetime => ({
    value: new Value(i, [l.size], "f32", `v${i}`),
    first: l.first,
    last: l.first + l.span,
  }))
);

function assertNoOverlap(lives: readonly Lifetime[], maxBuffer: number): void {
  const { heaps, slots } = pack(lives, maxBuffer);
  for (const heap of heaps) assert.ok(heap <= maxBuffer);
  for (const a of lives) {
    const sa = slots.get(a.value)!;
    assert.ok(sa.offset % 256 === 0 && sa.offset + a.value.bytes <= heaps[sa.heap]!);
    for (const b of lives) {
      if (a === b || a.last < b.first || b.last < a.first) continue;
      const sb = slots.get(b.value)!;
      const apart = sa.heap !== sb.heap || sa.offset + align(a.value.bytes) <= sb.offset ||
        sb.offset + align(b.value.bytes) <= sa.offset;
      assert.ok(apart, `${a.value} at ${sa.offset} and ${b.value} at ${sb.offset} are alive together`);
    }
  }
}

Deno.test("pack never overlaps values that are alive together, whatever the lifetimes", () => {
  fc.assert(fc.property(lifetimesOf, (lives) => assertNoOverlap(lives, 2 ** 32 - 256)), { numRuns: 150 });
});

Deno.test("pack respects the largest buffer by opening more heaps", () => {
  fc.assert(fc.property(lifetimesOf, (lives) => assertNoOverlap(lives, 1_300_480)), { numRuns: 80 });
});

Deno.test("pack refuses a value larger than any buffer and names it", () => {
  const value = new Value(0, [1024], "f32", "huge");
  assert.throws(
    () => pack([{ value, first: 0, last: 1 }], 1024),
    /Cannot place "huge" \[1024\]: it needs 4096 bytes/,
  );
});

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
