import assert from "node:assert/strict";
import { AssayError } from "../../../src/error.ts";
import { checkReport, differences, textDifference } from "../../../src/repro/bundle/check_report.ts";
import type { BundleContent } from "../../../src/repro/bundle/content.ts";

const table = "# t\n\n| method | kNN | linear |\n| --- | --- | --- |\n| a | 1 | 2 |\n| b | 3 | 4 |\n";
const result = { rows: [{ method: "a", accuracy: { knn: [1, 2] } }], notes: ["n"] };
const content: BundleContent = { runs: [], result, markdown: table, html: "<p>1</p>", claims: new Map() };
const same = { json: structuredClone(result), markdown: table, html: "<p>1</p>" };

Deno.test("checkReport accepts a report that is made again the same", async () => {
  assert.deepEqual((await checkReport(content, () => same)).map((l) => l.status), ["OK"]);
});

Deno.test("checkReport names the cell of run.json, the column of the table and the line of the page", async () => {
  const json = { rows: [{ method: "a", accuracy: { knn: [1, 7] } }], notes: ["n"] };
  const lines = await checkReport(
    content,
    () => ({ json, markdown: table.replace("| 4 |", "| 5 |"), html: "<p>2</p>" }),
  );
  assert.deepEqual(lines.map((l) => l.place), [
    "run.json rows[0].accuracy.knn[1]",
    "report.md:6, column linear",
    "report.html:1",
  ]);
  assert.equal(lines[0]!.message, "says 2, the events give 7");
  assert.equal(lines[1]!.message, 'says "4", the events give "5"');
});

Deno.test("checkReport says what it did not check, and takes a stated failure for a contradiction", async () => {
  const statuses = async (...given: Parameters<typeof checkReport>) =>
    (await checkReport(...given)).map((l) => l.status);
  assert.deepEqual(await statuses(content, undefined), ["NOT-CHECKED"]);
  assert.deepEqual(await statuses({ ...content, result: undefined }, () => same), ["NOT-CHECKED"]);
  assert.deepEqual(await statuses(content, () => ({ json: result })), ["OK", "NOT-CHECKED", "NOT-CHECKED"]);
  const refusing = () => {
    throw new AssayError("Cannot make the table: no run of a.");
  };
  assert.deepEqual(await statuses(content, refusing), ["TAMPERED"]);
  const defect = () => {
    throw new TypeError("defect");
  };
  await assert.rejects(checkReport(content, defect), TypeError);
});

Deno.test("differences lists changed, missing and added values with their paths", () => {
  assert.deepEqual(
    differences({ a: [1, { b: 2 }], c: 3 }, { a: [1, { b: 4 }, 5], d: 6 }).map((d) => d.path),
    [
      "a[1].b",
      "a[2]",
      "c",
      "d",
    ],
  );
  assert.deepEqual(differences({ a: [] }, { a: {} }).map((d) => d.path), ["a"]);
  assert.deepEqual(differences({ a: null, b: -0 }, { a: null, b: -0 }), []);
});

Deno.test("textDifference finds the first differing line, also past the end of one text", () => {
  assert.equal(textDifference("a\nb", "a\nb"), undefined);
  assert.equal(textDifference("a\nb", "a\nb\nc")?.line, 3);
  assert.equal(textDifference("| a |\n| b | c |", "| a |\n| b |")?.cell, "");
});
