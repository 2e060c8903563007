import assert from "node:assert/strict";
import * as words from "../../../src/repro/table/vocabulary.ts";
import { probeSchema } from "../../../src/record/spec/probe.ts";
import { small } from "./small_table.ts";

Deno.test("a table is a value that JSON keeps whole", () => {
  assert.deepEqual(JSON.parse(JSON.stringify(small)), small);
  assert.equal(small.kind, "table");
});

Deno.test("probes of measures are probes of specifications; a curve starts at the untrained encoder", () => {
  const measures = [
    words.knn(5, 0.1),
    words.nearest({ curve: true }),
    words.linear("simclr", { selection: "best" }),
    words.collapse("std"),
  ];
  const probes = measures.map((measure) => probeSchema.parse((measure as { probe: unknown }).probe));
  assert.deepEqual(probes.map((probe) => probe.kind), ["knn", "1-nn", "linear", "collapse"]);
  assert.deepEqual(probes.map((probe) => probe.at.includes("start")), [false, true, false, false]);
  assert.deepEqual(probes.map((probe) => "selection" in probe && probe.selection), [
    false,
    false,
    "best",
    false,
  ]);
});

Deno.test("knob has a column for each value, called by it", () => {
  assert.deepEqual(words.knob("images", [500, 1_281_167]), {
    "500": { images: 500 },
    "1,281,167": { images: 1_281_167 },
  });
});

Deno.test("heads and planned carry the step they are of", () => {
  const part = { batch: 4 };
  for (const measure of Object.values(words.heads(part, "small"))) {
    assert.deepEqual([measure.kind, "part" in measure && measure.part], ["head", part]);
  }
  assert.deepEqual(words.planned(), { kind: "planned" });
  assert.deepEqual(words.planned(part, "small", "h"), {
    kind: "planned",
    part,
    settings: "small",
    heading: "h",
  });
});
