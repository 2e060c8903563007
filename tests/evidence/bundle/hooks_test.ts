import assert from "node:assert/strict";
import { hooks, regenerateReport } from "../../../src/evidence/bundle/hooks.ts";

const content = (result: unknown) => ({ runs: [], result, claims: new Map() });

Deno.test("regenerateReport leaves reports that were not made from runs, and tables it does not know", async () => {
  assert.equal(await regenerateReport(content({})), undefined);
  assert.equal(await regenerateReport(content({ table: "sdiet/table6" })), undefined);
  const settings = { scale: "smoke", rows: [], seeds: [] };
  for (const table of ["sdiet/no-such-table", "../src/cli/main", 7]) {
    assert.equal(await regenerateReport(content({ table, settings })), undefined);
  }
});

Deno.test("regenerateReport refuses settings that are none before an experiment sees them", async () => {
  const settings = { scale: "huge", rows: "all", seeds: [] };
  await assert.rejects(
    regenerateReport(content({ table: "sdiet/table6", settings })),
    /Cannot read the settings of run\.json/,
  );
});

Deno.test("hooks has everything that verify asks for", () => {
  assert.deepEqual(Object.keys(hooks).sort(), ["regenerate", "replayInterval"]);
});
