import assert from "node:assert/strict";
import * as checks from "../../../src/repro/table/checks.ts";

Deno.test("beats, equal and same name the cells they compare", () => {
  const at = (row: string, measure = "knn") => ({ row, measure });
  assert.deepEqual(checks.beats("a", ["b", "c"], "knn"), [
    { kind: "above", above: at("a"), below: at("b") },
    { kind: "above", above: at("a"), below: at("c") },
  ]);
  assert.deepEqual(checks.beats("a", "b", "knn", "C")[0], {
    kind: "above",
    above: { ...at("a"), column: "C" },
    below: { ...at("b"), column: "C" },
  });
  assert.deepEqual(checks.equal("a", "x", 3), { kind: "equal", left: at("a", "x"), right: 3 });
  assert.deepEqual(checks.equal("a", "x", "y"), { kind: "equal", left: at("a", "x"), right: at("a", "y") });
  assert.deepEqual(checks.same(["a", "b"], "knn"), { kind: "same", cells: [at("a"), at("b")] });
});

Deno.test("learns and planKept are own questions with ids of their rows", () => {
  const learns = checks.learns("a", "knn") as Extract<checks.Check, { kind: "own" }>;
  assert.deepEqual(learns.means, checks.beats("a", "untrained", "knn"));
  assert.match(learns.id, /\/a$/);
  const kept = checks.planKept(["a", "b"]) as Extract<checks.Check, { kind: "own" }>;
  assert.deepEqual(kept.means, ["a", "b"].map((row) => checks.equal(row, "measured", "plannedHere")));
});

Deno.test("cells, sentence and own leave out what is not given", () => {
  assert.deepEqual(checks.cells("sdiet:table5", { a: "b" }), {
    kind: "cells",
    of: "sdiet:table5",
    columns: { a: "b" },
  });
  assert.deepEqual(checks.sentence("sdiet:x"), { kind: "sentence", of: "sdiet:x" });
  assert.deepEqual(checks.sentence("sdiet:x", { a: "b" }, "late"), {
    ...{ kind: "sentence", of: "sdiet:x", rows: { a: "b" }, suffix: "late" },
  });
  const means = checks.equal("a", "x", 3);
  assert.deepEqual(checks.own("q", "?", means), { kind: "own", id: "q", question: "?", means: [means] });
});
