import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { experimentIds, loadExperiment } from "../../src/repro/experiment_files.ts";
import { loadMethod } from "../../src/repro/method_files.ts";
import { chosenOf, settingsFor } from "../../src/repro/table/choose.ts";
import { estimateOf } from "../../src/repro/table/estimate.ts";
import { countsOf, resolveRuns } from "../../src/repro/table/resolve.ts";
import type { Table } from "../../src/repro/table/vocabulary.ts";
import type { Scale } from "../../src/base/scales.ts";
import { stepOf } from "../../src/train/trainer.ts";

const tables: Table[] = [];
for (const id of experimentIds()) {
  const { table } = await loadExperiment(id);
  if (table) tables.push(table);
}

Deno.test("every table is a value that JSON keeps whole, in a file of less than 60 lines", async () => {
  assert.ok(tables.length >= 3);
  for (const table of tables) {
    assert.deepEqual(JSON.parse(JSON.stringify(table)), table, table.id);
    const file = fileURLToPath(new URL(`../../experiments/${table.id}.ts`, import.meta.url));
    const lines = (await Deno.readTextFile(file)).trimEnd().split("\n");
    assert.ok(lines.length < 60, `${table.id} has ${lines.length} lines`);
    const imports = lines.filter((line) => /^import/.test(line));
    assert.ok(imports.every((line) => /"assay"/.test(line)), `${table.id} imports ${imports}`);
  }
});

for (const table of tables) {
  for (const scale of Object.keys(table.scales) as Scale[]) {
    Deno.test(`every cell of ${table.id} resolves and plans at scale ${scale}`, async () => {
      const estimate = await estimateOf(table, scale);
      assert.ok(estimate.runs > 0 && estimate.peakBytes > 0 && estimate.flops > 0, JSON.stringify(estimate));
    });
  }
}

Deno.test("row updates of sdiet/ablation are other numbers in one program", async () => {
  const table = tables.find(({ id }) => id === "sdiet/ablation")!;
  const check = table.checks.find((check) => check.kind === "own" && /same-program/.test(check.id));
  assert.ok(check?.kind === "own" && check.means[0]?.kind === "same");
  const rows = check.means[0].cells.map(({ row }) => row);
  const choice = { scale: "smoke" as const, dataset: undefined, methods: undefined, seeds: [0] };
  const hashes = new Map<string, string>();
  for (const { row, spec } of await resolveRuns(table, chosenOf(table, settingsFor(table, choice)))) {
    const { name, split, perClass, size } = spec.data.train;
    const step = stepOf(spec, await loadMethod(spec.method), {
      size,
      ...await countsOf(name, split, perClass),
    });
    hashes.set(row, step.program.hash());
  }
  const [first] = rows;
  for (const row of rows) assert.equal(hashes.get(row), hashes.get(first!), row);
  assert.notEqual(hashes.get("no-projector"), hashes.get(first!), "another network is another program");
});
