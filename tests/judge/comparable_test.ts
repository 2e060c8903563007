import assert from "node:assert/strict";
import { compareConditions } from "../../src/judge/comparable.ts";
import { CONDITIONS } from "./cases.ts";

Deno.test("compareConditions of equal conditions finds nothing, whatever the order of protocol keys", () => {
  const turned = { ...CONDITIONS, protocol: { probe: "linear", epochs: 200, encoder: "resnet50" } };
  assert.deepEqual(compareConditions(CONDITIONS, turned), { differs: [], reduced: false, notes: [] });
});

Deno.test("compareConditions treats a field the run leaves out as a difference, one the claim leaves out as a note", () => {
  const run = { ...CONDITIONS, protocol: { encoder: "resnet50", epochs: 200, k: 20 } };
  const r = compareConditions(CONDITIONS, run);
  assert.deepEqual(r.differs, ["protocol.probe"]);
  assert.equal(r.notes.length, 2);
  assert.match(r.notes[1]!, /k = 20/);
});

Deno.test("compareConditions knows a reduced scale from a larger one", () => {
  assert.equal(compareConditions(CONDITIONS, { ...CONDITIONS, scale: "gpu" }).reduced, true);
  const larger = compareConditions({ ...CONDITIONS, scale: "mini" }, CONDITIONS);
  assert.deepEqual([larger.reduced, larger.differs], [false, ["scale"]]);
});
