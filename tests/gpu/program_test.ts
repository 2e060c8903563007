import assert from "node:assert/strict";
import { Program } from "../../src/gpu/program.ts";

Deno.test("an arena lays groups out side by side and refuses members once sealed", () => {
  const p = new Program();
  const arena = p.arena("params", "online");
  const a = p.pinned(arena, [3], "f32", "a", "decay");
  const b = p.pinned(arena, [65], "f32", "b", "no-decay");
  const c = p.pinned(arena, [1], "f32", "c", "decay");
  assert.deepEqual([a, c, b].map((v) => arena.offsetOf(v)), [0, 256, 512]);
  assert.deepEqual(arena.ranges.get("no-decay"), { offset: 512, bytes: 512 });
  assert.equal(arena.bytes, 1024);
  assert.throws(() => p.pinned(arena, [1], "f32", "d"), /must still be open/);
  assert.throws(() => p.arena("grads", "online"), /its role is params/);
});

Deno.test("scalars keep their slots, and the step uniform has an end", () => {
  const p = new Program();
  assert.deepEqual([p.scalar("lr"), p.scalar("m"), p.scalar("lr")], [0, 1, 0]);
  for (let i = 2; i < 64; i++) p.scalar(`s${i}`);
  assert.throws(() => p.scalar("one more"), /at most 64 fit the step uniform/);
});

Deno.test("windows cover an arena in bindable pieces", () => {
  const p = new Program();
  const arena = p.arena("params", "online");
  p.pinned(arena, [20 * 2 ** 20], "f32", "w"); // 80 MiB
  assert.deepEqual(p.windows(arena).map((w) => [w.offset, w.bytes]), [[0, 64 * 2 ** 20], [
    64 * 2 ** 20,
    16 * 2 ** 20,
  ]]);
});

Deno.test("effects do not nest", () => {
  const p = new Program();
  assert.throws(
    () => p.effect("a", () => p.effect("b", () => {})),
    /Cannot record effect "b" inside effect "a"/,
  );
});
