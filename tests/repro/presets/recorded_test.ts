/** Every published preset is a specification that can be carried out: its step is recorded, at a small batch. */
import assert from "node:assert/strict";
import { parseSpec } from "../../../src/record/spec/spec.ts";
import { loadMethod } from "../../../src/repro/method_files.ts";
import { PUBLISHED } from "../../../src/repro/presets/published.ts";
import { problemsOf } from "../../../src/train/trainable.ts";
import { stepOf } from "../../../src/train/trainer.ts";

for (const { spec } of PUBLISHED) {
  Deno.test(`the preset of ${spec.method} on ${spec.data.train.name} can be recorded`, async () => {
    const method = await loadMethod(spec.method);
    const parsed = parseSpec({ ...spec, seed: 0 });
    assert.deepEqual(problemsOf(parsed, method), []);
    // What is recorded does not depend on the batch, but its plan is small; a queue takes whole batches.
    const step = stepOf({ ...parsed, batch: 8 }, method, {
      size: parsed.data.train.size,
      images: 64,
      classes: 10,
    });
    assert.ok(step.objectives.length > 0);
  });
}
