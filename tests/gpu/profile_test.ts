import assert from "node:assert/strict";
import { plan } from "../../src/gpu/planner.ts";
import { profile, tickMs } from "../../src/gpu/profile.ts";
import { Session } from "../../src/gpu/session.ts";
import { multiply, relu } from "../../src/nn/ops/elementwise.ts";
import { sum } from "../../src/nn/ops/reduce.ts";
import { Trace } from "../../src/nn/trace.ts";
import { testDevice } from "../nn/check_op.ts";

/** A large product beside small ones: the profile must put it first. */
async function session(): Promise<Session> {
  const t = new Trace();
  const large = t.input("large", [2 ** 20]);
  const small = t.input("small", [64]);
  t.program.output(multiply(t, large, large));
  t.program.output(sum(t, relu(t, relu(t, small))));
  return await Session.bind(await testDevice(), plan(t.program));
}

for (const timestamps of [true, false]) {
  Deno.test(`profile gives time and rate of every label, slowest first (${timestamps ? "timestamps if granted" : "blocking timer"})`, async () => {
    const bound = await session();
    try {
      bound.replay();
      const result = await profile(bound, { timestamps, repeats: 3 });
      const granted = bound.device.capabilities.timestamps;
      assert.equal(result.timer, timestamps && granted ? "timestamps" : "blocking");
      const dispatches = bound.plan.program.dispatches;
      assert.equal(result.lines.reduce((n, line) => n + line.count, 0), dispatches.length);
      assert.deepEqual(
        new Set(result.lines.map((line) => line.label)),
        new Set(dispatches.map((d) => d.label)),
      );
      for (const [i, line] of result.lines.entries()) {
        assert.ok(line.ms >= 0 && Number.isFinite(line.gflops));
        if (i > 0) assert.ok(line.ms <= result.lines[i - 1]!.ms);
      }
      // 2^20 elements against 64: whatever the machine does beside, the large dispatches come first.
      assert.match(result.lines[0]!.label, /large/);
      const total = result.lines.reduce((ms, line) => ms + line.ms, 0);
      assert.ok(Math.abs(result.totalMs - total) <= 1e-9 * total);
      const product = result.lines.find((line) => line.label === "large * copy(large)")!;
      assert.equal(product.kernel, "elementwise.multiply");
      assert.ok(Math.abs(product.gflops * product.ms * 1e6 - 2 ** 20) <= 1);
    } finally {
      bound.close();
    }
  });
}

Deno.test("profile refuses no repeats", async () => {
  const bound = await session();
  await assert.rejects(
    profile(bound, { repeats: 0 }),
    /repeats must be a positive integer, current value is 0/,
  );
  bound.close();
});

Deno.test("tickMs takes a measurement near one nanosecond as that and others as measured", () => {
  assert.equal(tickMs(1.3e-6), 1e-6);
  assert.equal(tickMs(0.8e-6), 1e-6);
  assert.equal(tickMs(1e-5), 1e-5);
  assert.equal(tickMs(5.2e-5), 5.2e-5);
});
