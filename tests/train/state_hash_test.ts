import assert from "node:assert/strict";
import { plan } from "../../src/gpu/planner.ts";
import { Session } from "../../src/gpu/session.ts";
import { Scope } from "../../src/nn/scope.ts";
import { Trace } from "../../src/nn/trace.ts";
import { stateHash } from "../../src/train/state_hash.ts";
import { testDevice } from "../nn/check_op.ts";

Deno.test("the state hash sees one changed bit in any parameter or state", async () => {
  const t = new Trace();
  const s = Scope.root(t);
  const zeros = (_: unknown, n: number) => new Float32Array(n);
  const w = s.parameter("w", [3], "vector", zeros);
  const queue = s.state("queue", [2], zeros);
  const session = await Session.bind(await testDevice(), plan(t.program));
  try {
    const start = await stateHash(session, t);
    session.write(queue, Float32Array.of(0, -0)); // the sign bit of a zero
    const changed = await stateHash(session, t);
    assert.notEqual(changed, start);
    session.write(queue, Float32Array.of(0, 0));
    assert.equal(await stateHash(session, t), start);
    session.write(w, Float32Array.of(1e-40, 0, 0));
    assert.notEqual(await stateHash(session, t), start);
  } finally {
    session.close();
  }
});
