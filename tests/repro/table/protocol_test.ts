import assert from "node:assert/strict";
import { protocolLines } from "../../../src/repro/table/protocol.ts";
import type { Telling } from "../../../src/repro/table/cells.ts";
import { withoutDefaults } from "../../../src/record/spec/defaults.ts";
import { specSchema } from "../../../src/record/spec/spec.ts";
import { fullSpec } from "../../record/spec/small_spec.ts";
import { small, tellingOf } from "./small_table.ts";

/** Numbers, words and switches of a value. */
const leaves = (value: unknown): string[] =>
  typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [String(value)];

Deno.test("protocolLines state every field that is not at its default", async () => {
  const t = await tellingOf(small);
  const [run] = t.runs;
  const told: Telling = { ...t, runs: [{ ...run!, spec: fullSpec, seed: t.chosen.seeds[0]! }] };
  const text = protocolLines(told).join(" ");
  const { seed: _, ...spec } = withoutDefaults(specSchema, fullSpec) as Record<string, unknown>;
  for (const leaf of leaves(spec)) assert.ok(text.includes(leaf), `${leaf} is not in ${text}`);
  const at = (change: object) =>
    protocolLines({ ...told, runs: [{ ...told.runs[0]!, spec: { ...fullSpec, ...change } }] }).join(" ");
  for (const change of [{ batch: 9 }, { precision: "f32" }, { stop: { steps: 3 } }, { probes: [] }]) {
    assert.notEqual(at(change), text, JSON.stringify(change));
  }
});

Deno.test("protocolLines say once what all runs share, and of each row what sets it apart", async () => {
  const t = await tellingOf(small, undefined, { seeds: [4, 9] });
  const [shared, ...rows] = protocolLines(t);
  assert.match(shared!, /^Every run: .*batch 32.*; seeds 4, 9\.$/);
  assert.deepEqual(rows.map((line) => line.split(":")[0]), ["simclr", "SimCLR, cold", "sdiet"]);
  assert.match(rows[1]!, /T 0\.05/);
  assert.ok(rows.every((line) => !/\bbatch 32/.test(line) && /method/.test(line)));
  const columns = await tellingOf({ ...small, columns: { A: {}, B: { batch: 16 } } });
  assert.ok(protocolLines(columns).some((line) => /^sdiet, B: .*batch 16/.test(line)));
});

Deno.test("protocolLines of no runs are none", async () => {
  assert.deepEqual(protocolLines({ ...await tellingOf(small), runs: [] }), []);
});
