import assert from "node:assert/strict";
import { CARDS, fitReport } from "../../src/repro/fit.ts";
import { planReport } from "../../src/repro/plan_report.ts";

const request = {
  method: "supervised",
  encoder: "resnet18",
  image: 224,
  classes: 1000,
  images: 1_281_167,
  optimizer: "sgd",
  width: 1,
  recompute: true,
};

Deno.test("fitReport finds the largest multiple of 8 that fits each card", async () => {
  const { cards } = await fitReport(request);
  assert.deepEqual(cards.map((c) => c.gibibytes), [...CARDS]);
  const { gibibytes, batch, peakBytes } = cards[0]!;
  assert.ok(batch > 0 && batch % 8 === 0 && peakBytes <= gibibytes * 2 ** 30);
  assert.equal((await planReport({ ...request, batch })).peakBytes, peakBytes);
  assert.ok((await planReport({ ...request, batch: batch + 8 })).peakBytes > gibibytes * 2 ** 30);
  cards.slice(1).forEach((c, i) => assert.ok(c.batch >= cards[i]!.batch));
});
