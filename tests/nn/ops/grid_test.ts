import assert from "node:assert/strict";
import { grid } from "../../../src/nn/ops/grid.ts";

Deno.test("grid covers every count within the limit of a dimension, with at most one row too many", () => {
  for (const groups of [1, 7, 65535, 65536, 131071, 1e6 + 3, 5e7]) {
    const [x, y] = grid(groups);
    assert.ok(x <= 65535 && y <= 65535 && x * y >= groups && x * y - groups < y, `${groups}`);
  }
});
