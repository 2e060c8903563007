/** What tests/oracles/eval_numpy.py wrote, and the features it was made from. */
import type { Features } from "../../src/eval/features.ts";
import { signed } from "../nn/hashed.ts";
import data from "../fixtures/eval/features.json" with { type: "json" };

export const fixture = data;

/** Rows of hashed numbers, exact in f32. */
export function hashedRows(name: string, rows: number, width: number): Features {
  return { values: Float32Array.from(signed(name, rows * width)), rows, width };
}
