import assert from "node:assert/strict";
import { layoutOf, spansOf } from "../../../src/nn/ops/norm_layout.ts";

Deno.test("layoutOf covers every channel with at most 64 threads a workgroup", () => {
  for (let channels = 1; channels <= 600; channels++) {
    const { vectors, lanes, blocks, deep, header } = layoutOf(10, channels);
    assert.equal(vectors * (header.V === "vec4f" ? 4 : 1), channels);
    assert.ok(lanes * deep <= 64 && lanes * deep > 0, `${channels}`);
    assert.ok(lanes * blocks >= vectors && lanes * (blocks - 1) < vectors, `${channels}`);
    assert.equal(Math.log2(deep) % 1, 0);
  }
});

Deno.test("spansOf covers every row once, in whole chunks, with no empty span", () => {
  for (const rows of [1, 2, 127, 128, 129, 5000, 3211264, 16777216]) {
    for (const channels of [1, 4, 64, 2048]) {
      for (const workgroups of [1, 7, 2048, 65535]) {
        const { span, splits } = spansOf(layoutOf(rows, channels), 128, workgroups);
        assert.equal(span % 128, 0);
        assert.ok(span * splits >= rows && span * (splits - 1) < rows, `${rows} x ${channels}`);
        assert.ok(splits <= 65535 && (workgroups < 512 || splits <= workgroups));
      }
    }
  }
});
