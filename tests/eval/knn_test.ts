import assert from "node:assert/strict";
import { knn, oneNearest, vote } from "../../src/eval/knn.ts";
import { knnReference, search } from "./knn_reference.ts";
import { testDevice } from "../nn/check_op.ts";
import { fixture, hashedRows } from "./fixture.ts";
import { blobs, features } from "./toy_features.ts";

const GRID = [1, 5, 20, 200].flatMap((k) => [0.02, 0.07, 0.1, 1].map((T) => ({ k, T })));

Deno.test("knn predicts what the f64 reference predicts for a grid of k and T from one search", async () => {
  // Enough noise that neighbours disagree: predictions are far from perfect.
  const classes = 10;
  const task = { train: blobs(900, 48, classes, 6, 1), test: blobs(150, 48, classes, 6, 2), classes };
  const results = await knn(await testDevice(), task, GRID, { tile: [64, 256] });
  const expected = knnReference(task, GRID);
  results.forEach((result, i) => {
    assert.deepEqual({ k: result.k, T: result.T }, GRID[i]);
    assert.deepEqual(result.predictions, expected[i], `k = ${result.k}, T = ${result.T}`);
    const right = expected[i]!.filter((c, row) => c === task.test.labels[row]).length;
    assert.equal(result.accuracy, right / 150);
  });
  const accuracies = results.map((r) => r.accuracy);
  assert.ok(Math.max(...accuracies) < 0.95 && Math.min(...accuracies) > 0.15, `${accuracies}`);
  assert.ok(new Set(accuracies).size > 3, "the settings differ");
});

Deno.test("knn predicts what numpy predicts", async () => {
  const { name, rows, tests, width, classes, settings } = fixture.knn;
  const labels = (n: number) => Uint32Array.from({ length: n }, (_, i) => i * 7 % classes);
  const task = {
    train: { features: hashedRows(name, rows, width), labels: labels(rows) },
    test: { features: hashedRows(`${name} test`, tests, width), labels: labels(tests) },
    classes,
  };
  const found = await knn(await testDevice(), task, settings, { tile: [32, 150] });
  settings.forEach(({ predictions, lead }, s) =>
    predictions.forEach((c, row) => {
      // Cosines in f32 are off by 1e-6 at most, weights by that over T: leads below 1e-4 count as ties.
      if (lead[row]! > 1e-4) assert.equal(found[s]!.predictions[row], c, `setting ${s}, row ${row}`);
    })
  );
  assert.ok(settings.every(({ lead }) => lead.filter((l) => l > 1e-4).length > 55));
});

Deno.test("knn weighs a near neighbour against two far ones by the temperature", async () => {
  // Cosines 1, 0.6 and 0.6: class 0 wins where exp(0.4 / T) > 2, that is below T = 0.577.
  const train = { features: features([[0.6, 0.8], [5, 0], [0.6, -0.8]]), labels: Uint32Array.of(1, 0, 1) };
  const test = { features: features([[2, 0]]), labels: Uint32Array.of(0) };
  const grid = [{ k: 3, T: 0.57 }, { k: 3, T: 0.59 }, { k: 1, T: 9 }, { k: 3, T: 1e-4 }];
  const found = await knn(await testDevice(), { train, test, classes: 2 }, grid);
  assert.deepEqual(found.map((r) => r.predictions[0]), [0, 1, 0, 0]);
  assert.deepEqual(found.map((r) => r.accuracy), [1, 0, 1, 1]);
});

Deno.test("vote gives equal sums to the lower class and counts only the first k", () => {
  const found = { k: 3, indices: Uint32Array.of(0, 1, 2), scores: Float32Array.of(0.5, 0.5, 0.5) };
  assert.deepEqual([...vote(found, Uint32Array.of(4, 2, 3), 5, { k: 3, T: 0.1 })], [2]);
  assert.deepEqual([...vote(found, Uint32Array.of(4, 2, 2), 5, { k: 1, T: 0.1 })], [4]);
});

Deno.test("oneNearest predicts the class of the nearest row by exact distance", async () => {
  const task = { train: blobs(500, 20, 4, 4, 8), test: blobs(70, 20, 4, 4, 9), classes: 4 };
  const { predictions, accuracy } = await oneNearest(await testDevice(), task);
  const { indices } = search(task.train.features, task.test.features, 1, "l2");
  const expected = indices.map((i) => task.train.labels[i]!);
  assert.deepEqual(predictions, expected);
  assert.equal(accuracy, expected.filter((c, i) => c === task.test.labels[i]).length / 70);
});

Deno.test("knn says what is wrong with labels and settings", async () => {
  const device = await testDevice();
  const set = { features: features([[1, 2], [3, 4]]), labels: Uint32Array.of(0, 1) };
  const unlabelled = { ...set, labels: Uint32Array.of(0, 0xffffffff) };
  const fails = (task: Parameters<typeof knn>[1], grid: Parameters<typeof knn>[2], message: RegExp) =>
    assert.rejects(knn(device, task, grid), message);
  await fails({ train: unlabelled, test: set, classes: 2 }, [{ k: 1, T: 1 }], /training images.*at row 1/);
  await fails(
    { train: set, test: { ...set, labels: Uint32Array.of(0) }, classes: 2 },
    [{ k: 1, T: 1 }],
    /test images.*found 1 labels/,
  );
  await fails({ train: set, test: set, classes: 2 }, [], /one or more settings/);
  await fails({ train: set, test: set, classes: 2 }, [{ k: 1, T: 0 }], /positive temperature, found T = 0/);
  await fails(
    { train: set, test: set, classes: 2 },
    [{ k: 0, T: 1 }, { k: 1, T: 1 }],
    /positive integer, found 0/,
  );
});
