import assert from "node:assert/strict";
import { encoderNames } from "../../src/nn/encoders/table.ts";
import { planReport, type PlanRequest } from "../../src/repro/plan_report.ts";

const resnet50: PlanRequest = {
  method: "supervised",
  encoder: "resnet50",
  batch: 256,
  image: 224,
  classes: 1000,
  images: 1_281_167,
  optimizer: "sgd",
  width: 1,
  recompute: true,
};

Deno.test("ResNet-50 at 224, batch 256: 25,557,032 parameters and at most 14 GiB, recomputed from conv outputs", async () => {
  const report = await planReport(resnet50);
  assert.equal(report.parameters, 25_557_032);
  assert.ok(report.peakBytes <= 14 * 2 ** 30, `${report.peakBytes}`);
  const keptAll = await planReport({ ...resnet50, recompute: false });
  assert.ok(keptAll.peakBytes > 1.5 * report.peakBytes);
  assert.equal(report.peakBytes, Object.values(report.roles).reduce((a, b) => a + b));
  assert.equal(report.largest.length, 5);
  // He et al. give 3.8e9 multiply-adds for 224 x 224 (v1.5: 4.1e9); a training step is about three forward passes.
  const perImage = report.flopsPerStep / 2 / 3 / 256;
  assert.ok(perImage > 3.8e9 && perImage < 4.4e9, `${perImage}`);
});

Deno.test("planner waste is at most 5 % for every encoder at training size", async () => {
  for (const encoder of encoderNames.filter((name) => name !== "mlp" && name !== "linear")) {
    for (const [batch, image] of [[256, 224], [128, 32]] as const) {
      const { waste } = await planReport({ ...resnet50, encoder, batch, image });
      assert.ok(waste <= 0.05, `${encoder} ${batch}x${image}: ${waste}`);
    }
  }
});

Deno.test("a plan names an unknown method, encoder or optimizer", async () => {
  await assert.rejects(planReport({ ...resnet50, method: "nope" }), /Cannot find method "nope"/);
  await assert.rejects(planReport({ ...resnet50, encoder: "nope" }), /Cannot build encoder "nope"/);
  await assert.rejects(planReport({ ...resnet50, optimizer: "nope" }), /Cannot use optimizer "nope"/);
});
