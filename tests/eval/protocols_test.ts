import assert from "node:assert/strict";
import { probeOptimizer, probeProtocol, probeProtocolNames } from "../../src/eval/protocols.ts";
import { scheduleAt } from "../../src/nn/schedules.ts";
import { readFixture } from "../nn/encoders/check_encoder.ts";

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

Deno.test("no protocol changes under its name, which stands for its values in hashes of specifications", async () => {
  const frozen = await readFixture<Readonly<Record<string, unknown>>>("eval/protocols.json");
  assert.deepEqual(
    probeProtocolNames.filter((name) => !(name in frozen)),
    [],
    "a new protocol: add its values to tests/fixtures/eval/protocols.json",
  );
  for (const [name, values] of Object.entries(frozen)) {
    const { source: _, departs: __, ...now } = probeProtocol(name);
    assert.deepEqual(now, values, `${name}: give other values another name`);
  }
});
