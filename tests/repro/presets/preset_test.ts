import assert from "node:assert/strict";
import { splits } from "../../../src/repro/presets/preset.ts";

Deno.test("splits takes the training and the test split of one data set at one size", () => {
  const { train, test } = splits("stl10", 96) as Record<
    string,
    { name: string; split: string; size: number }
  >;
  assert.deepEqual([train!.split, test!.split], ["train", "test"]);
  assert.deepEqual([train!.name, test!.name, train!.size, test!.size], ["stl10", "stl10", 96, 96]);
});
