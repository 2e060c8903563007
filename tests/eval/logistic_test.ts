import assert from "node:assert/strict";
import { fitLogistic, logisticLoss, logisticProbe, PENALTIES } from "../../src/eval/logistic.ts";
import { fixture, hashedRows } from "./fixture.ts";
import { blobs } from "./toy_features.ts";

Deno.test("fitLogistic reaches scipy's minimum", () => {
  for (const c of fixture.logistic) {
    const labels = Uint32Array.from({ length: c.rows }, (_, i) => i * 5 % c.classes);
    const train = { features: hashedRows(c.name, c.rows, c.width), labels };
    const fit = fitLogistic(train, c.classes, c.penalty, { tolerance: 1e-8 });
    assert.ok(fit.converged);
    assert.ok(Math.abs(fit.value - c.loss) < 1e-10, `${fit.value} ${c.loss}`);
    // Curvature along the weights is at least the penalty: distances are at most the gradients over it.
    const reach = 2 * (c.gradient + 1e-8) * Math.sqrt(c.weights.length) / c.penalty;
    c.weights.forEach((w, i) => assert.ok(Math.abs(fit.x[i]! - w) < reach, `${i}: ${fit.x[i]} ${w}`));
  }
});

Deno.test("logisticLoss has the gradient of its values, also for logits that overflow exp", () => {
  const train = blobs(20, 4, 3, 2, 1);
  const loss = logisticLoss(train, 3, 0.01);
  for (const magnitude of [0.5, 400]) {
    const x = Float64Array.from({ length: 15 }, (_, i) => magnitude * Math.sin(3 * i + 1));
    const g = new Float64Array(15);
    assert.ok(Number.isFinite(loss(x, g)));
    for (let i = 0; i < 15; i++) {
      const h = 1e-5 * magnitude, scratch = new Float64Array(15);
      const numeric = (loss(x.with(i, x[i]! + h), scratch) - loss(x.with(i, x[i]! - h), scratch)) / (2 * h);
      assert.ok(
        Math.abs(numeric - g[i]!) < 1e-5 * Math.max(1, Math.abs(numeric)),
        `${i}: ${g[i]} ${numeric}`,
      );
    }
  }
});

Deno.test("logisticProbe chooses its penalty on held-out training rows: the test set cannot change it", () => {
  const train = blobs(150, 20, 3, 5, 2), test = blobs(90, 20, 3, 5, 3);
  const result = logisticProbe({ train, test, classes: 3 });
  assert.deepEqual(result.heldOut.map((h) => h.penalty), PENALTIES);
  const most = Math.max(...result.heldOut.map((h) => h.accuracy));
  const wanted = Math.max(...result.heldOut.filter((h) => h.accuracy === most).map((h) => h.penalty));
  assert.equal(result.penalty, wanted);
  assert.ok(new Set(result.heldOut.map((h) => h.accuracy)).size > 1, "the choice matters");
  assert.ok(result.accuracy > 0.5 && result.converged);
  const right = result.predictions.filter((c, i) => c === test.labels[i]).length;
  assert.equal(result.accuracy, right / 90);

  const permuted = { ...test, labels: test.labels.map((l) => (l + 1) % 3) };
  const other = logisticProbe({ train, test: permuted, classes: 3 });
  assert.deepEqual([other.penalty, other.heldOut, other.loss], [result.penalty, result.heldOut, result.loss]);
  assert.deepEqual(other.predictions, result.predictions);
});

Deno.test("logisticProbe separates what is separable and says when it did not converge", () => {
  const task = { train: blobs(60, 10, 4, 0.1, 5), test: blobs(40, 10, 4, 0.1, 6), classes: 4 };
  assert.equal(logisticProbe(task, { penalties: [1e-3] }).accuracy, 1);
  const short = logisticProbe(task, { penalties: [1e-6], iterations: 2 });
  assert.deepEqual([short.converged, short.heldOut, short.penalty], [false, [], 1e-6]);
});
