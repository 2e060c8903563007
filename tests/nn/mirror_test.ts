import assert from "node:assert/strict";
import { mirrorOf } from "../../src/nn/mirror.ts";
import { completeStep, toy } from "./toy.ts";

Deno.test("mirrorOf has the tensors that are walked, at their offsets, under their names", () => {
  const { t, objective, weights } = toy();
  const [trained] = completeStep(t, [objective], { optimizer: { kind: "sgd", lr: 0 } });
  const { arena, byName } = mirrorOf(t.program, t.spans.trained(trained!), "copy");
  assert.equal(arena.name, "online.copy");
  assert.deepEqual([...byName.keys()].sort(), ["a", "b", "c", "d"]);
  for (const w of weights) {
    assert.equal(arena.offsetOf(byName.get(w.label)!), trained!.params.offsetOf(w), w.label);
  }
});
