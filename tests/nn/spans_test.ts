import assert from "node:assert/strict";
import { Program } from "../../src/gpu/program.ts";
import { FROZEN, logicalName, requireSameLayout, SPAN, Spans, windowOf } from "../../src/nn/spans.ts";

/** An arena with tensors of the given sizes; a negative size goes to group "frozen". */
function arenaOf(program: Program, name: string, sizes: number[]) {
  const arena = program.arena("params", name);
  sizes.forEach((n, i) =>
    program.pinned(arena, [Math.abs(n)], "f32", `${name}/t${i}`, n < 0 ? "frozen" : i % 2 ? "odd" : "even")
  );
  return arena;
}

Deno.test("Spans.of covers every element of every tensor once and no padding", () => {
  const program = new Program();
  const big = 20 * 2 ** 20; // 80 MiB: cut by the 64 MiB window
  const sizes = [3, 64, 4096, 4097, big, 1, 255];
  const arena = arenaOf(program, "x", sizes);
  const spans = new Spans(program);
  const { walks, tensors, owners } = spans.of(arena);
  const covered = new Map(tensors.map((v) => [v, 0]));
  let next = 0;
  for (const walk of walks) {
    assert.equal(walk.first, next);
    assert.ok(walk.range.bytes <= 64 * 2 ** 20);
    const table = program.constants.get(walk.table)!;
    let elements = 0;
    for (let row = 0; row < walk.count; row++) {
      const [tensor, start, count] = table.subarray(4 * row);
      const value = tensors[tensor!]!;
      assert.equal(owners[next++], tensor);
      assert.equal(arena.groupOf(value), walk.group);
      assert.equal(start! % 64, 0);
      assert.ok(count! >= 1 && count! <= SPAN);
      // Spans of a tensor come in order and join without gap.
      assert.equal(walk.range.offset + 4 * start!, arena.offsetOf(value) + 4 * covered.get(value)!);
      assert.ok(4 * (start! + count!) <= walk.range.bytes, "a span ends inside its window");
      covered.set(value, covered.get(value)! + count!);
      elements += count!;
    }
    assert.equal(walk.elements, elements);
    assert.ok(walk.perSpan[0] * walk.perSpan[1] >= walk.count);
    assert.ok(walk.perElement[0] * walk.perElement[1] >= 16 * walk.count);
    assert.ok(Math.max(...walk.perElement) <= 65535);
    assert.equal(windowOf(program, arena, walk).bytes, walk.range.bytes);
  }
  assert.equal(next, owners.length);
  for (const [value, count] of covered) assert.equal(count, value.size, value.label);
  assert.equal(spans.of(arena), spans.of(arena), "tables are made once");
});

Deno.test("Spans.of leaves out the groups named", () => {
  const program = new Program();
  const { tensors, walks } = new Spans(program).of(arenaOf(program, "x", [5, -6, 7]), [FROZEN]);
  assert.deepEqual(tensors.map((v) => v.size).sort(), [5, 7]);
  assert.ok(walks.every((w) => w.group !== "frozen"));
});

Deno.test("Spans.trained wants gradients at the offsets of their parameters", () => {
  const program = new Program();
  const params = arenaOf(program, "x", [5, 100]);
  const grads = program.arena("grads", "x.grads");
  for (const size of [100, 5]) program.pinned(grads, [size], "f32", "g");
  assert.throws(() => new Spans(program).trained({ params, grads }), /they must have one layout/);
});

Deno.test("requireSameLayout compares names without their arenas, shapes and offsets", () => {
  const program = new Program();
  const a = arenaOf(program, "a", [5, 100]), b = arenaOf(program, "b", [5, 100]);
  const walks = new Spans(program).of(a);
  requireSameLayout("copy", a, b, walks);
  assert.throws(() => requireSameLayout("copy", a, arenaOf(program, "c", [5]), walks), /"t1" has none/);
  assert.throws(
    () => requireSameLayout("copy", a, arenaOf(program, "d", [5, 99]), walks),
    /shapes must be equal/,
  );
  assert.equal(logicalName("momentum/stem.conv"), "stem.conv");
  assert.equal(logicalName("stem.conv"), "stem.conv");
});
