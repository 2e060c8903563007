import assert from "node:assert/strict";
import { isDue, probeSchema, protocolOf } from "../../../src/record/spec/probe.ts";

Deno.test("isDue follows start, end, listed epochs and the regular ones", () => {
  const probe = probeSchema.parse({ kind: "knn", k: 5, T: 0.1, at: ["start", 3, "end"], every: 4 });
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].filter((epoch) => isDue(probe, epoch, 10)), [
    0,
    3,
    4,
    8,
    10,
  ]);
  const last = probeSchema.parse({ kind: "1-nn" });
  assert.deepEqual([0, 1, 2].filter((epoch) => isDue(last, epoch, 2)), [2]);
});

Deno.test("protocolOf names what was asked, and leaves out what stands at its default", () => {
  const knn = probeSchema.parse({ kind: "knn", k: 20, T: 0.1, at: ["start", "end"] });
  assert.deepEqual(protocolOf(knn, "shapes", true), {
    probe: "knn",
    features: "encoder",
    k: 20,
    T: 0.1,
    dataset: "shapes",
  });
  assert.equal(protocolOf(knn, "shapes", false).features, "untrained encoder");
  const stage = probeSchema.parse({
    kind: "linear",
    protocol: "lbfgs",
    of: "stage2",
    selection: "best",
    test: "other",
  });
  assert.deepEqual(protocolOf(stage, "shapes", true), {
    probe: "linear",
    features: "stage2",
    protocol: "lbfgs",
    dataset: "shapes",
    selection: "best",
    test: "other",
  });
});
