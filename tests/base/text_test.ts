import assert from "node:assert/strict";
import { bytes, count, parseBytes, percent, table } from "../../src/base/text.ts";

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

Deno.test("parseBytes reads sizes with and without units", () => {
  assert.deepEqual(["4096", "1KiB", "1 KB", "1.5GiB", "2TB"].map(parseBytes), [
    4096,
    1024,
    1000,
    1.5 * 2 ** 30,
    2e12,
  ]);
  assert.deepEqual(["", "12 apples", "-1", "1 GiBs"].map(parseBytes), [
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
