import assert from "node:assert/strict";
import { probeOptimizer, probeProtocol, probeProtocolNames } from "../../src/eval/protocols.ts";
import { scheduleAt } from "../../src/nn/schedules.ts";

Deno.test("every protocol says where it comes from and how it departs", () => {
  assert.deepEqual([...probeProtocolNames].sort(), ["compress", "diet", "moco", "simclr"]);
  for (const name of probeProtocolNames) {
    const protocol = probeProtocol(name);
    assert.ok(protocol.source.length > 10 && protocol.departs.length > 10);
  }
  assert.throws(() => probeProtocol("linear"), /the name must be a known protocol/);
});

Deno.test("CompRess' schedule in steps: 0.01, a tenth of it after epoch 15, a hundredth after epoch 30", () => {
  const spec = probeOptimizer(probeProtocol("compress"), 256, 10);
  assert.equal(spec.kind, "sgd");
  const at = (epoch: number) => scheduleAt(spec.lr, epoch * 10);
  assert.ok(
    Math.abs(at(14) - 0.01) < 1e-12 && Math.abs(at(15) - 1e-3) < 1e-12 && Math.abs(at(30) - 1e-4) < 1e-12,
  );
});
