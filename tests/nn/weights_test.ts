import assert from "node:assert/strict";
import { saveCheckpoint, tensorsOf } from "../../src/nn/checkpoint.ts";
import { firstNonFinite, readWeights, writeWeights } from "../../src/nn/weights.ts";
import { Scope } from "../../src/nn/scope.ts";
import { Trace } from "../../src/nn/trace.ts";
import { withSession } from "./toy.ts";

/** A trace with an encoder of two tensors and a head beside it. */
function traced(): Trace {
  const t = new Trace();
  const s = Scope.root(t);
  const zeros = (_: unknown, n: number) => new Float32Array(n);
  s.child("encoder").parameter("w", [3], "vector", zeros);
  s.child("encoder").state("running_mean", [2], zeros);
  s.child("head").parameter("w", [4], "vector", zeros);
  return t;
}

Deno.test("readWeights gives the encoder of a checkpoint and writeWeights puts it into another step", async () => {
  const path = await Deno.makeTempFile();
  try {
    const t = traced();
    const of = (trace: Trace) => tensorsOf(trace).filter(({ name }) => name.startsWith("encoder."));
    await withSession(t, async (session) => {
      session.write(t.parameters.get("encoder.w")!.value, Float32Array.of(1, 2, 3));
      session.write(t.states.get("encoder.running_mean")!.value, Float32Array.of(4, 5));
      await saveCheckpoint(path, session, t);
    });
    const weights = readWeights(path);
    assert.deepEqual([...weights.keys()].sort(), ["encoder.running_mean", "encoder.w"]);
    const other = traced();
    await withSession(other, async (session) => {
      writeWeights(session, of(other), weights, "tiny");
      for (const { name, value } of of(other)) assert.deepEqual(await session.read(value), weights.get(name));
      const wrong = new Map(weights).set("encoder.w", Float32Array.of(9, 9, Infinity));
      assert.throws(
        () => writeWeights(session, of(other), wrong, "tiny"),
        /Cannot load the weights of encoder "tiny": "encoder.w" must be finite, found Infinity at element 2;/,
      );
      wrong.set("encoder.extra", Float32Array.of(1));
      assert.throws(() => writeWeights(session, of(other), wrong, "tiny"), /found "encoder.extra" as well/);
      const [{ value }] = of(other).filter(({ name }) => name === "encoder.w") as [ReturnType<typeof of>[0]];
      assert.deepEqual([...await session.read(value)], [1, 2, 3], "nothing was written");
    });
    await withSession(
      t,
      (session) => saveCheckpoint(path, session, t, {}, { select: (n) => n === "head.w" }),
    );
    assert.throws(() => readWeights(path), /it must hold tensors named "encoder...", found 1 others/);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("firstNonFinite finds the first of any kind, or none", () => {
  assert.equal(firstNonFinite(Float32Array.of(1, -0, 3e38)), -1);
  assert.equal(firstNonFinite(Float32Array.of(1, -Infinity, NaN)), 1);
  assert.equal(firstNonFinite(Float32Array.of(NaN)), 0);
});
