import assert from "node:assert/strict";
import { doctorReport, selfCheck } from "../../src/repro/doctor.ts";
import { testDevice } from "../nn/check_op.ts";

Deno.test("doctor describes runtime, adapter and limits, and its self-check passes", async () => {
  const report = await doctorReport();
  assert.match(report.runtime, /^Deno \d/);
  assert.ok(report.limits.maxBufferSize! > 0 && report.cpus > 0);
  assert.ok(report.scales.includes("smoke"));
  assert.equal(report.check.passed, true);
});

Deno.test("the self-check gives its device's memory back", async () => {
  const device = await testDevice();
  const before = device.allocatedBytes;
  const { relativeError, tolerance } = await selfCheck(device);
  assert.ok(
    relativeError > 0 && relativeError <= tolerance,
    "an error of exactly 0 would mean nothing was compared",
  );
  assert.equal(device.allocatedBytes, before);
});
