import assert from "node:assert/strict";
import { differences } from "../../../src/repro/presets/differences.ts";
import { published } from "../../../src/repro/presets/published.ts";

Deno.test("differences says what a run does otherwise, what its augmentation does, and what was assumed", () => {
  const byol = differences(published("byol", "imagenet-100"));
  assert.ok(byol.some((s) => /16 and 32 bits.*\.$/.test(s)), byol.join("\n"));
  // both of its recipes depart in the same words, which are printed once
  assert.equal(byol.filter((s) => s.startsWith("augmentation: ")).length, 1);
  assert.ok(differences(published("sdiet", "cifar10")).some((s) => /^assumed, .*hyper\.T 0\.1/.test(s)));
});

Deno.test("differences of memory leave out what a plan does not depend on", () => {
  const sdiet = differences(published("sdiet", "imagenet-1k"), "memory").join("\n");
  assert.match(sdiet, /hyper\.hidden/);
  assert.doesNotMatch(sdiet, /hyper\.T|views|augmentation/);
});
