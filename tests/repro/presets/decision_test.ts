/** The bytes in decisions/0016-published-settings.md against one another and the committed table6. */
import assert from "node:assert/strict";
import { parseResult } from "../../../src/report/result.ts";

const read = (path: string) => Deno.readTextFile(new URL(`../../../${path}`, import.meta.url));
const page = await read("decisions/0016-published-settings.md");

/** Cells of the table whose first line starts so, without the two lines of its head. */
function tableOf(head: RegExp): string[][] {
  const lines = page.slice(page.search(head)).split("\n");
  const end = lines.findIndex((line) => !line.startsWith("|"));
  return lines.slice(2, end).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}
const bytes = (cell: string) => Number(cell.replaceAll(",", ""));

const rows = tableOf(/^\| row +\| +18a5960/m).map(([name, ...cells]) => ({
  name: name!,
  bytes: cells.map(bytes),
}));
const fields = tableOf(/^\| row +\| field/m);

Deno.test("the last column of decision 0016 is what the committed table6 plans, row for row", async () => {
  const { grids } = parseResult(await read("reports/table6-smoke/run.json"), "table6-smoke");
  const planned = grids[0]!.rows.map(({ name, cells }) => {
    const cell = cells["planned"];
    assert.ok(cell && "value" in cell, name);
    return [name, cell.value];
  });
  assert.deepEqual(rows.map(({ name, bytes }) => [name, bytes.at(-1)]), planned);
});

Deno.test("the fields of decision 0016 lead from each row's bytes before to those of today's settings, step by step", () => {
  assert.ok(fields.length > 0);
  for (const { name, bytes: [before, settings] } of rows) {
    let at = before;
    for (const [, field, , , , was, is] of fields.filter(([row]) => row === name)) {
      assert.equal(bytes(was!), at, `${name}: ${field}`);
      at = bytes(is!);
    }
    assert.equal(at, settings, name);
  }
});

Deno.test("the rows that decision 0016 says packing alone moved have no field in its list", () => {
  const [, said] = /For (.*) no setting that needs memory changed/.exec(page)!;
  const named = [...said!.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  const listed = new Set(fields.map(([row]) => row));
  assert.deepEqual(rows.filter(({ name }) => !listed.has(name)).map(({ name }) => name), named);
});
