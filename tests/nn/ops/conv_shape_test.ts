import assert from "node:assert/strict";
import { type ConvOptions, convShape } from "../../../src/nn/ops/conv_shape.ts";
import { Trace } from "../../../src/nn/trace.ts";

function shapeOf(x: readonly number[], w: readonly number[], options: ConvOptions = {}) {
  const t = new Trace();
  return convShape(t.input("x", x), t.input("w", w), options);
}

Deno.test("convShape counts output pixels and multiply-adds as PyTorch does", () => {
  const stem = shapeOf([2, 224, 224, 3], [7, 7, 3, 64], { stride: 2, padding: 3 });
  assert.deepEqual([stem.oh, stem.ow], [112, 112]);
  assert.equal(stem.flops, 2 * 2 * 112 * 112 * 64 * 7 * 7 * 3);
  const odd = shapeOf([1, 7, 10, 4], [3, 3, 4, 4], {
    stride: 2,
    padding: { top: 0, bottom: 1, left: 2, right: 0 },
  });
  assert.deepEqual([odd.oh, odd.ow], [3, 5]);
  const grouped = shapeOf([1, 5, 5, 6], [3, 3, 2, 9], { groups: 3 });
  assert.deepEqual([grouped.groupC, grouped.groupK], [2, 3]);
});

Deno.test("convShape names what does not fit", () => {
  assert.throws(() => shapeOf([1, 5, 5, 6], [3, 3, 4, 8]), /Cannot convolve "x" by "w"/);
  assert.throws(() => shapeOf([1, 2, 2, 4], [3, 3, 4, 8]), /Cannot convolve "x" by "w"/);
  assert.throws(
    () => shapeOf([1, 5, 5, 4], [3, 3, 4, 8], { stride: 0 }),
    /stride must be an integer of at least 1, it is 0/,
  );
  assert.throws(
    () => shapeOf([1, 5, 5, 4], [3, 3, 4, 8], { padding: 0.5 }),
    /padding must be whole pixels, it is 0.5/,
  );
  assert.throws(() => shapeOf([1, 5, 5, 4], [3, 3, 2, 9], { groups: 2 }), /Cannot convolve/);
});
