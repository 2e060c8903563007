import assert from "node:assert/strict";
import { planShapes, shapeName } from "../../../src/data/layout/generated.ts";
import { intoMemory } from "../../../src/data/pixels.ts";
import { readManifest } from "../../../src/data/manifest.ts";
import { drawShape } from "../../../src/data/shapes/generate.ts";

Deno.test("planShapes lists balanced classes in name order and decodes any choice", async () => {
  const plan = planShapes(await readManifest("shapes"), "test");
  assert.equal(plan.names.length, 10000);
  assert.deepEqual(plan.names, [...plan.names].sort());
  assert.deepEqual([...plan.labels.subarray(0, 11)], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]);
  const out = new Uint8Array(2 * 8 * 8 * 3), expected = new Uint8Array(2 * 8 * 8 * 3);
  await plan.decode(Uint32Array.of(9999, 3), 8, intoMemory(out, 8));
  drawShape("test", 9999, 8, expected, 0);
  drawShape("test", 3, 8, expected, 192);
  assert.deepEqual(out, expected);
});

Deno.test("planShapes knows no other split", async () => {
  const manifest = await readManifest("shapes");
  assert.throws(() => planShapes(manifest, "validation"), /makes train and test, found "validation"/);
});

Deno.test("shapeName pads, so that name order is number order", () => {
  assert.ok(shapeName("train", 9) < shapeName("train", 10));
});
