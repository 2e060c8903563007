import assert from "node:assert/strict";
import { IMAGENET, planSpec, planStep } from "../../src/repro/plan_step.ts";
import { settingsOf } from "../../src/repro/presets/settings.ts";
import type { Part } from "../../src/repro/table/part.ts";
import { joinParts } from "../../src/repro/table/part.ts";
import { parseSpec } from "../../src/record/spec/spec.ts";
import { specOf } from "../../src/repro/table/resolve.ts";

const [B, N] = [8, 5000];
const part = (method: string): Part =>
  joinParts(settingsOf("small", method, "shapes"), {
    ...{ method, encoder: "tiny", size: 16, batch: B, data: "shapes", epochs: 1, images: N },
  });

Deno.test("planStep's bytes of a dense head follow from images and features", async () => {
  const { head, images, peakBytes } = await planStep(part("diet"));
  assert.equal(images, N);
  const width = head!.weights! / (4 * N);
  assert.ok(Number.isInteger(width), "4 N m bytes of f32 weights");
  assert.equal(head!.moments, 8 * N * width, "AdamW's two moments");
  assert.equal(head!.gradient, 4 * N * width);
  assert.equal(head!.gpu, 16 * N * width);
  assert.equal(head!.logits, 4 * B * N);
  assert.equal(head!.disk, undefined);
  assert.ok(peakBytes > head!.gpu);
});

Deno.test("planStep's bytes of rows on disk: the batch's on the GPU whatever N is, all of them in the store", async () => {
  const { head, peakBytes } = await planStep(part("sdiet"));
  const ten = await planStep({ ...part("sdiet"), images: 10 * N });
  assert.equal(ten.head!.gpu, head!.gpu);
  assert.equal(ten.peakBytes, peakBytes);
  const width = head!.gpu / (16 * B);
  assert.ok(Number.isInteger(width));
  // head and two moments in f32 at least for each row
  assert.ok(head!.disk! >= 12 * N * width);
  const perRow = (ten.head!.disk! - head!.disk!) / (9 * N);
  assert.ok(Math.abs(perRow - head!.disk! / N) < 1, "the file grows with its rows");
});

Deno.test("planSpec keeps its plans, and sums roles to the peak", async () => {
  const { images: _, ...rest } = part("simclr");
  const spec = parseSpec(await specOf(rest, { seed: 0 }));
  const step = await planSpec(spec);
  assert.equal(planSpec({ ...spec, seed: 9 }), planSpec(spec), "a seed changes no byte");
  assert.notEqual(planSpec({ ...spec, batch: 16 }), planSpec(spec));
  assert.equal(Object.values(step.roles).reduce((a, b) => a + b, 0), step.peakBytes);
  assert.equal(step.head, undefined);
  assert.ok(step.flops > 0);
});

Deno.test("IMAGENET decides the step of every method and none of its settings", () => {
  assert.deepEqual(
    Object.keys(IMAGENET).filter((key) => ["method", "hyper", "optimizer", "views"].includes(key)),
    [],
  );
});
