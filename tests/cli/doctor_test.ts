import assert from "node:assert/strict";
import { run } from "../../src/cli/doctor.ts";
import { captured } from "./captured.ts";

Deno.test("doctor prints a table, or JSON with the same facts", async () => {
  const table = await captured(() => run([]));
  assert.equal(table.code, 0);
  assert.match(table.out, /self-check +\| passed: relative error/);
  const json = await captured(() => run(["--json"]));
  const report = JSON.parse(json.out) as { adapter: { description: string }; check: { passed: boolean } };
  assert.ok(report.check.passed && report.adapter.description.length > 0);
});
