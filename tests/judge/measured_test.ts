import assert from "node:assert/strict";
import { cellId, comparedUnit, moreIsBetter, statedProtocol } from "../../src/judge/measured.ts";
import { realCorpus } from "../claims/real_corpus.ts";

Deno.test("cellId names a measured cell as claims name theirs", () => {
  const conditions = { unit: "percent", dataset: "d", scale: "mini", protocol: {} } as const;
  const cell = { ...conditions, row: "ours", column: "top1", outcome: null };
  assert.equal(cellId({ table: "paper:t1", cells: [cell] }, cell), "paper:t1/ours/top1");
});

Deno.test("comparedUnit makes fractions percent and gigabytes bytes, and leaves other units alone", () => {
  assert.deepEqual(["fraction", "gigabytes", "megabytes", "hours", "percent"].map(comparedUnit), [
    ["percent", 100],
    ["bytes", 1e9],
    ["bytes", 1e6],
    ["minutes", 60],
    ["percent", 1],
  ]);
});

Deno.test("moreIsBetter of accuracy, not of bytes or time", () => {
  assert.deepEqual(["percent", "score", "gigabytes", "minutes"].map(moreIsBetter), [
    true,
    true,
    false,
    false,
  ]);
});

Deno.test("statedProtocol leaves out what the source does not state", () => {
  const [claim] = realCorpus().claims;
  assert.ok(Object.values(statedProtocol(claim!)).every((value) => value !== undefined));
});
