import assert from "node:assert/strict";
import { nearest } from "../../src/cli/nearest.ts";

Deno.test("nearest finds the name one slip away and gives nothing for a distant word", () => {
  const names = ["repro", "report", "plan", "doctor"];
  assert.equal(nearest("paln", names), "plan");
  assert.equal(nearest("Doctr", names), "doctor");
  assert.equal(nearest("reporrt", names), "report");
  assert.equal(nearest("simulate", names), undefined);
  assert.equal(nearest("plan", []), undefined);
});
