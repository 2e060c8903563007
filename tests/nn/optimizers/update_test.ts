import assert from "node:assert/strict";
import { parseOptimizer } from "../../../src/nn/optimizers.ts";
import { completeStep, runToy, TENSORS, toy, withSession } from "../toy.ts";

Deno.test("optimizer state is named, mirrors the parameters, and padding between tensors is never touched", async () => {
  for (const exemptDecay of ["nothing", "norms-and-biases"] as const) {
    const net = toy();
    const optimizer = { ...parseOptimizer("adamw"), exemptDecay };
    const [trained] = completeStep(net.t, [net.objective], { optimizer });
    const mean = net.t.program.arenas.find((a) => a.name === "online.mean")!;
    assert.equal(mean.role, "optimizer");
    assert.deepEqual(
      mean.members.map((v) => v.label).sort(),
      TENSORS.map(({ name }) => `online.mean/${name}`),
    );
    assert.ok(net.t.states.has("online.square/b"));
    for (const value of mean.members) {
      const source = trained!.params.members.find((p) => `online.mean/${p.label}` === value.label)!;
      assert.equal(mean.offsetOf(value), trained!.params.offsetOf(source));
    }
    await withSession(net.t, async (session) => {
      session.write(trained!.grads, new Float32Array(trained!.grads.bytes / 4).fill(3));
      runToy(net, session, 0, 2);
      const bytes = await session.read(mean);
      const owned = new Uint8Array(bytes.length);
      for (const v of mean.members) owned.fill(1, mean.offsetOf(v) / 4, mean.offsetOf(v) / 4 + v.size);
      assert.ok(bytes.every((x, i) => owned[i] === 1 || x === 0), "padding stays 0");
      assert.ok(owned.includes(0), "there is padding");
    });
  }
});
