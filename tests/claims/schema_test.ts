import assert from "node:assert/strict";
import { z } from "zod";
import {
  certainties,
  datasetsFile,
  protocol,
  sourceFile,
  spreadKinds,
  units,
} from "../../src/claims/schema.ts";

const minimal = {
  source: "demo",
  title: "Demo",
  kind: "paper",
  references: { paper: { where: "a", revision: "b", certainty: "read-on-page" } },
};

Deno.test("sourceFile fills in empty tables, statements and doubts", () => {
  const data = sourceFile.parse(minimal);
  assert.deepEqual([data.tables, data.statements, data.doubts], [[], [], []]);
});

Deno.test("sourceFile refuses unknown keys at every level", () => {
  const table = { id: "t", title: "T", columns: [{ id: "c" }], rows: [{ id: "r", cells: [1] }] };
  assert.ok(sourceFile.safeParse({ ...minimal, tables: [table] }).success);
  for (
    const wrong of [
      { ...minimal, note: 1 },
      { ...minimal, tables: [{ ...table, note: 1 }] },
      { ...minimal, tables: [{ ...table, columns: [{ id: "c", note: 1 }] }] },
      { ...minimal, tables: [{ ...table, rows: [{ id: "r", cells: [{ value: 1, note: 1 }] }] }] },
      { ...minimal, tables: [{ ...table, protocol: { epoch: 1 } }] },
    ]
  ) assert.ok(!sourceFile.safeParse(wrong).success);
});

Deno.test("protocol refuses impossible values", () => {
  for (const wrong of [{ epochs: 0 }, { labels: 101 }, { k: 2.5 }, { probe: "linear probe" }]) {
    assert.ok(!protocol.safeParse(wrong).success, JSON.stringify(wrong));
  }
});

Deno.test("datasetsFile lets sizes be unknown but not negative", () => {
  assert.ok(datasetsFile.safeParse({ datasets: { a: { title: "A" } } }).success);
  assert.ok(!datasetsFile.safeParse({ datasets: { a: { title: "A", test: -1 } } }).success);
});

Deno.test("the vocabularies hold what a claim must be able to say, and the schema converts to JSON Schema", () => {
  assert.ok(spreadKinds.includes("population-sd") && spreadKinds.includes("unstated"));
  assert.ok(certainties.includes("transcribed-from-image") && units.includes("fraction"));
  assert.equal(z.toJSONSchema(sourceFile, { io: "input" }).type, "object");
});
