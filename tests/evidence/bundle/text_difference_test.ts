import assert from "node:assert/strict";
import { shown, textDifference } from "../../../src/evidence/bundle/text_difference.ts";

Deno.test("textDifference names the first line, and in a table the column", () => {
  assert.equal(textDifference("a\nb", "a\nb"), undefined);
  assert.deepEqual(textDifference("a\nb", "a\nc"), {
    line: 2,
    cell: "",
    message: 'says "b", it should be "c"',
  });
  const table = (v: string) => `| method | kNN |\n| --- | --- |\n| x | ${v} |`;
  const found = textDifference(table("1"), table("2"))!;
  assert.deepEqual([found.line, found.cell], [3, ", column kNN"]);
  assert.equal(textDifference("a", "a\nb")!.line, 2);
});

Deno.test("shown cuts long values", () => {
  assert.equal(shown(undefined), "nothing");
  assert.equal(shown("x".repeat(200)).length, 120);
});

Deno.test("textDifference finds the first differing line, also past the end of one text", () => {
  assert.equal(textDifference("a\nb", "a\nb"), undefined);
  assert.equal(textDifference("a\nb", "a\nb\nc")?.line, 3);
  assert.equal(textDifference("| a |\n| b | c |", "| a |\n| b |")?.cell, "");
});
