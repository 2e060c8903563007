import assert from "node:assert/strict";
import {
  experimentIds,
  findExperiment,
  loadExperiment,
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
