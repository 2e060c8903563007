import assert from "node:assert/strict";
import { THREADS, workgroupsOf } from "../../../src/nn/ops/tiles.ts";

Deno.test("workgroupsOf covers every tile and hangs over the last row by at most 15 percent", () => {
  for (const lanes of [0, 4, 8]) {
    for (const rowTiles of [1, 2, 3, 5, 64, 1000]) {
      for (const columnTiles of [1, 3]) {
        const { threads, groups } = workgroupsOf(lanes, rowTiles, columnTiles);
        const tiles = groups * threads / (lanes || 1);
        assert.ok(threads <= THREADS && tiles >= rowTiles * columnTiles, `${[lanes, rowTiles, columnTiles]}`);
        if (lanes > 0) assert.ok(tiles <= 1.15 * rowTiles * columnTiles);
      }
    }
  }
});
