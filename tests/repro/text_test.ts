import assert from "node:assert/strict";
import { bytes, count, percent, table } from "../../src/repro/text.ts";

Deno.test("bytes uses powers of 1024", () => {
  assert.equal(bytes(999), "999 B");
  assert.equal(bytes(1536), "1.50 KiB");
  assert.equal(bytes(14 * 2 ** 30), "14.00 GiB");
});

Deno.test("count, percent and table are plain text", () => {
  assert.equal(count(25557032), "25,557,032");
  assert.equal(percent(0.0314), "3.1 %");
  assert.equal(table([["a", "b"], ["1", "22"]], "lr"), "| a  |  b |\n| :- | -: |\n| 1  | 22 |");
});
