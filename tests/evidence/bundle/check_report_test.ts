import assert from "node:assert/strict";
import { AssayError } from "../../../src/base/error.ts";
import { checkReport, differences, type Regenerate } from "../../../src/evidence/bundle/check_report.ts";
import type { BundleContent } from "../../../src/evidence/bundle/content.ts";
import { memoryFiles } from "../../../src/record/files.ts";
import { code } from "./synthetic_bundle.ts";

const table = "# t\n\n| method | kNN | linear |\n| --- | --- | --- |\n| a | 1 | 2 |\n| b | 3 | 4 |\n";
const result = { rows: [{ method: "a", accuracy: { knn: [1, 2] } }], notes: ["n"] };
const content: BundleContent = { runs: [], result, claims: new Map() };
const report = new Map([
  ["run.json", JSON.stringify(result)],
  ["report.md", table],
  ["report.html", "<p>1</p>"],
  ["plots/a.svg", "<svg/>"],
]);
const codes = { made: code, here: code };
const filesOf = (pages: ReadonlyMap<string, string>) =>
  memoryFiles("b", new Map([...pages].map(([path, page]) => [path, new TextEncoder().encode(page)])));
/** Lines for a bundle with these pages when the events give `again`. */
const check = (again: Regenerate | undefined, pages: ReadonlyMap<string, string> = report) =>
  checkReport(filesOf(pages), content, again, codes);
const giving = (pages: ReadonlyMap<string, string> | undefined): Regenerate => () => Promise.resolve(pages);
const statuses = async (lines: ReturnType<typeof check>) => (await lines).map((l) => l.status);

Deno.test("checkReport accepts a report that is made again the same", async () => {
  assert.deepEqual(await statuses(check(giving(report))), ["OK"]);
});

Deno.test("checkReport names the cell of run.json, the column of the table and the line of the page", async () => {
  const other = new Map(report)
    .set("run.json", JSON.stringify({ rows: [{ method: "a", accuracy: { knn: [1, 7] } }], notes: ["n"] }))
    .set("report.md", table.replace("| 4 |", "| 5 |"))
    .set("report.html", "<p>2</p>");
  const lines = await check(giving(other));
  assert.deepEqual(lines.map((l) => l.place), [
    "run.json rows[0].accuracy.knn[1]",
    "report.md:6, column linear",
    "report.html:1",
  ]);
  assert.equal(lines[0]!.message, "says 2, the events give 7");
  assert.equal(lines[1]!.message, 'says "4", it should be "5"');
});

Deno.test("checkReport finds pages that are missing, plots that nothing gives, and a run.json spelled otherwise", async () => {
  const less = new Map(report), more = new Map(report).set("plots/b.svg", "<svg/>");
  less.delete("report.html");
  const spelled = new Map(report).set("run.json", JSON.stringify(result, null, 1));
  for (
    const [pages, place] of [[less, "report.html"], [more, "plots/b.svg"], [spelled, "run.json:1"]] as const
  ) {
    assert.deepEqual((await check(giving(report), pages)).map((l) => `${l.status} ${l.place}`), [
      `TAMPERED ${place}`,
    ]);
  }
});

Deno.test("checkReport says what it did not check, and takes a stated failure for a contradiction", async () => {
  assert.deepEqual(await statuses(check(undefined)), ["NOT-CHECKED"]);
  assert.deepEqual(await statuses(check(giving(undefined))), ["NOT-CHECKED"]);
  assert.deepEqual(
    await statuses(checkReport(filesOf(report), { ...content, result: undefined }, giving(report), codes)),
    [
      "NOT-CHECKED",
    ],
  );
  const failing = (error: Error): Regenerate => () => Promise.reject(error);
  assert.deepEqual(await statuses(check(failing(new AssayError("Cannot make it: no run of a.")))), [
    "TAMPERED",
  ]);
  await assert.rejects(check(failing(new TypeError("defect"))), TypeError);
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

Deno.test("checkReport names a result of an older format in one sentence, unless this very code claims to have made it", async () => {
  const old = { ...content, result: { ...result, claims: [] } };
  const made = { version: "0.0.1", source: "b".repeat(64) };
  const lines = await checkReport(filesOf(report), old, giving(report), { made, here: code });
  assert.deepEqual(lines.map((l) => l.status), ["NOT-CHECKED"]);
  assert.match(
    lines[0]!.message,
    /older format assay-result-1; verify it with version 0\.0\.1, source bbbbbbbbbbbb/,
  );
  assert.deepEqual((await checkReport(filesOf(report), old, giving(report), codes)).map((l) => l.status), [
    "OK",
  ]);
});
