/** README.md against what it summarises: the committed reports and the commands. */
import assert from "node:assert/strict";
import { commands } from "../src/cli/main.ts";
import { parseResult } from "../src/report/result.ts";

const read = (path: string) => Deno.readTextFile(new URL(`../${path}`, import.meta.url));
const page = (await read("README.md")).replaceAll(/\s+/g, " ");
const resultOf = async (report: string) => parseResult(await read(`reports/${report}/run.json`), report);

Deno.test("the memory figures of README.md are those of the committed table6", async () => {
  const { grids, claims } = await resultOf("table6-smoke");
  const ratio = (name: string): number => {
    const cell = grids[0]!.rows.find((row) => row.name === name)!.cells["toSimclr"];
    assert.ok(cell && "value" in cell);
    return cell.value;
  };
  const [, stated] = /plans (0\.\d+) of SimCLR's memory/.exec(page)!;
  assert.equal(stated, ratio("sdiet").toFixed(2));
  assert.equal(ratio("moco").toFixed(2), stated, "README says that MoCo v2 plans about as much");
  const [, gigabytes] = /file takes (\S+) GB/.exec(page)!;
  const disk = claims.find(({ id }) => id === "sdiet:disk-size")!;
  assert.equal(disk.verdict, "EXCEEDS");
  assert.equal(gigabytes, (Number(/\d{9,}/.exec(disk.inequality)![0]) / 1e9).toFixed(1));
});

Deno.test("what README.md says of accuracies is what the committed table5 shows", async () => {
  const { grids, checks } = await resultOf("table5-mini");
  const equal = grids.find(({ title }) => title === "Equal compute")!;
  assert.match(page, /At equal compute each of nine methods is above its own untrained encoder/);
  assert.equal(equal.rows.length, 9);
  for (const { name } of equal.rows) {
    const id = `beats-untrained/${name.replace(", twice the epochs", "-twice")}`;
    assert.equal(checks.find((check) => check.id === id)!.outcome, "holds", id);
  }
  const mean = (cell: unknown) => {
    const { values } = cell as { values: number[] };
    return values.reduce((a, b) => a + b, 0) / values.length;
  };
  const pixels = mean(grids[0]!.rows.find(({ name }) => name === "raw pixels")!.cells["knn"]);
  assert.match(page, /raw pixels are above all of them but SimCLR/);
  assert.deepEqual(
    equal.rows.filter(({ cells }) => mean(cells["knn"]) > pixels).map(({ name }) => name),
    ["simclr"],
  );
});

Deno.test("README.md lists every command in fewer than 120 lines", async () => {
  const text = await read("README.md");
  assert.ok(text.split("\n").length <= 120);
  const listed = [...text.slice(text.indexOf("## Commands")).matchAll(/^\| `(\w+)`/gm)].map(([, name]) =>
    name
  );
  assert.deepEqual(listed.sort(), [...Object.keys(commands), "bench"].sort());
});
