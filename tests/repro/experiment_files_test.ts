import assert from "node:assert/strict";
import { AssayError } from "../../src/base/error.ts";
import {
  experimentIds,
  findExperiment,
  loadExperiment,
  loadTableFile,
  shortName,
} from "../../src/repro/experiment_files.ts";

const ids = ["caowu/identity", "sdiet/table5", "sdiet/table6", "loco/identity"];

Deno.test("experimentIds lists the files below experiments/, and each exports the experiment of its place", async () => {
  const found = experimentIds();
  assert.ok(found.includes("sdiet/table5") && found.includes("sdiet/table6"), String(found));
  for (const id of found) {
    const { summary, title } = await loadExperiment(id);
    assert.ok(summary.length > 10 && title.length > 5, id);
  }
});

Deno.test("findExperiment takes full names and tables that only one paper has", () => {
  assert.equal(findExperiment("sdiet/table6", ids), "sdiet/table6");
  assert.equal(findExperiment("table6", ids), "sdiet/table6");
  assert.equal(findExperiment("table9", ids), undefined);
  assert.throws(() => findExperiment("identity", ids), /say which: caowu\/identity, loco\/identity/);
});

Deno.test("shortName is the table alone unless another paper has it too", () => {
  assert.equal(shortName("sdiet/table6", ids), "table6");
  assert.equal(shortName("loco/identity", ids), "loco/identity");
});

Deno.test("loadExperiment refuses a file whose experiment has another id", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/paper`);
    await Deno.writeTextFile(
      `${folder}/paper/table1.ts`,
      `export const experiment = { id: "paper/other" };\n`,
    );
    await assert.rejects(
      loadExperiment("paper/table1", new URL(`file://${folder}/`)),
      /its file must export a constant called "experiment" whose id is "paper\/table1"/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("loadTableFile loads a table from outside the checkout that imports assay", async () => {
  await withFile(
    `import * as a from "assay";
export const experiment = a.table({
  id: "mine/first",
  title: "Mine",
  summary: "one method",
  rows: { simclr: a.train("simclr"), untrained: a.untrained },
  measures: { knn: a.knn(5, 0.1, { curve: true }) },
  scales: { smoke: a.ACCURACY.smoke },
  checks: [a.learns("simclr", "knn")],
});
`,
    async (path) => {
      const { id, needsAdapter, table } = await loadTableFile(path);
      assert.deepEqual([id, needsAdapter, Object.keys(table!.rows)], ["mine/first", true, [
        "simclr",
        "untrained",
      ]]);
    },
  );
});

Deno.test("loadTableFile says in one sentence what is wrong with a file", async () => {
  const cases: readonly [string, RegExp][] = [
    ["", /its file must export a constant called "experiment"/],
    ["export const experiment = 5;", /must export a constant called "experiment"/],
    ['export const experiment = { id: "x" };', /must export a constant called "experiment"/],
    ["export const experiment = {", /its file must be TypeScript that can be imported, found/],
    ['import "./none.ts";', /can be imported, found .*none\.ts/],
    ["throw new Error('no');", /can be imported, found no; correct the file/],
    [
      'export const experiment = { kind: "table", id: "x" };',
      /Cannot use the table "x": it must have id, title/,
    ],
  ];
  for (const [source, message] of cases) {
    await withFile(source, (path) =>
      assert.rejects(loadTableFile(path), (error: Error) => {
        assert.ok(error instanceof AssayError, `${source}: ${error}`);
        assert.match(error.message, message);
        assert.ok(!error.message.includes("\n"), error.message);
        return true;
      }));
  }
  await assert.rejects(loadTableFile("/nowhere/table.ts"), /found no such file/);
});

async function withFile(source: string, body: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/table.ts`, source);
    await body(`${folder}/table.ts`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
