import assert from "node:assert/strict";
import { Scope } from "../../src/nn/scope.ts";
import { snapshot, snapshotEffects } from "../../src/nn/snapshot.ts";
import { completeStep, runToy, toy, withSession } from "./toy.ts";

Deno.test("snapshot puts parameters aside before the optimizer, trained and frozen ones, and keeps its padding to itself", async () => {
  const net = toy();
  const names = snapshot(net.s, "kept");
  assert.deepEqual(names, snapshotEffects("online", "kept"));
  completeStep(net.t, [net.objective], { optimizer: { kind: "sgd", lr: 0.1 } });
  assert.deepEqual(net.t.program.effects.slice(-3), [names.save, names.restore, "optimizer"]);
  await withSession(net.t, async (session) => {
    const arena = net.weights[0]!.arena!;
    const before = await session.readBytes(arena);
    const scalars = net.t.scalarsAt(0);
    runToy(net, session, 0, 0);
    session.replay({ scalars, effects: [names.save] });
    session.write(arena, new Float32Array(arena.bytes / 4).fill(NaN));
    session.replay({ scalars, effects: [names.restore] });
    const after = await session.readBytes(arena);
    for (const value of [...net.weights, net.still]) {
      const [from, to] = [arena.offsetOf(value), arena.offsetOf(value) + value.bytes];
      assert.deepEqual(after.subarray(from, to), before.subarray(from, to), value.label);
    }
  });
});

Deno.test("snapshots of one arena need names of their own, and copies are in no checkpoint", () => {
  const { t, s, objective } = toy();
  snapshot(s, "one");
  snapshot(Scope.root(t), "two");
  completeStep(t, [objective], { optimizer: { kind: "sgd", lr: 0.1 } });
  assert.deepEqual(t.program.arenas.map((a) => a.name).filter((n) => /one|two/.test(n)), [
    "online.one",
    "online.two",
  ]);
  assert.deepEqual([...t.states.keys()], []);
});
