import assert from "node:assert/strict";
import { differences } from "../../../src/repro/presets/differences.ts";
import { published } from "../../../src/repro/presets/published.ts";

Deno.test("differences says in sentences what a run does otherwise and what was assumed", () => {
  const preset = published("sdiet", "cifar10");
  const sentences = differences({ ...preset, differs: ["precision"] });
  assert.match(sentences[0]!, /^openreview.*16 and 32 bits.*\.$/);
  assert.equal(sentences.length, 1 + Object.keys(preset.assumptions).length);
  assert.ok(sentences.some((s) => s.startsWith("Assumption, hyper.T: 0.1")));
});
