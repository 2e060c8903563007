import assert from "node:assert/strict";
import {
  bestEpoch,
  expectedMaximum,
  oneRunGap,
  unequalProtocols,
} from "../../../src/claims/rules/comparison.ts";
import { demoCorpus, editedCorpus, realCorpus } from "../real_corpus.ts";

const corpus = realCorpus();

const ranking = (rows: string) =>
  demoCorpus(`tables:
  - id: t
    title: T
    reference: paper
    dataset: big
    metric: top1
    unit: percent
    n: 1
    ranking: true
    columns: [{ id: c }]
    rows:
${rows}
`);

Deno.test("unequalProtocols warns when the leader is the row that differs, and notes when it is not", () => {
  const rows = (batchOfA: string, batchOfB: string) =>
    ranking(`      - { id: a, protocol: { batch: ${batchOfA} }, cells: [91.0] }
      - { id: b, protocol: { batch: ${batchOfB} }, cells: [80.0] }
      - { id: c, protocol: { batch: 256 }, cells: [70.0] }`);
  assert.equal(unequalProtocols.check(rows("512", "256"))[0]!.severity, "warning");
  assert.equal(unequalProtocols.check(rows("256", "512"))[0]!.severity, "note");
  assert.deepEqual(unequalProtocols.check(rows("256", "256")), []);
});

Deno.test("unequalProtocols finds lightly's DINO at another batch, and not once it is equal", () => {
  const batch = (c: typeof corpus) =>
    unequalProtocols.check(c).filter((f) => f.sources[0] === "lightly" && /differ in batch/.test(f.message));
  assert.equal(batch(corpus).length, 1);
  assert.equal(
    batch(editedCorpus("lightly", "protocol: { batch: 128 }", "protocol: { batch: 256 }")).length,
    0,
  );
});

Deno.test("oneRunGap finds a gap below test-set sampling and accepts a larger one", () => {
  // se(90 %) on 10000 = 0.30, so 1.96 sqrt(2) se = 0.83.
  const found = oneRunGap.check(ranking(`      - { id: a, cells: [90.5] }
      - { id: b, cells: [90.0] }`));
  assert.match(found[0]!.arithmetic[1]!, /gap 0\.5 <= .* = 0\.82/);
  assert.deepEqual(
    oneRunGap.check(ranking(`      - { id: a, cells: [92.0] }
      - { id: b, cells: [90.0] }`)),
    [],
  );
});

Deno.test("oneRunGap passes over rows that list their runs", () => {
  assert.deepEqual(
    oneRunGap.check(ranking(`      - { id: a, cells: [{ value: 90.5, n: 2, runs: [90.5, 90.5] }] }
      - { id: b, cells: [90.0] }`)),
    [],
  );
});

Deno.test("expectedMaximum agrees with the known order statistics of the normal distribution", () => {
  assert.ok(Math.abs(expectedMaximum(1)) < 1e-6);
  assert.ok(Math.abs(expectedMaximum(2) - 1 / Math.sqrt(Math.PI)) < 1e-6);
  assert.ok(Math.abs(expectedMaximum(3) - 1.5 / Math.sqrt(Math.PI)) < 1e-6);
  assert.ok(Math.abs(expectedMaximum(10) - 1.5387527) < 1e-6);
});

Deno.test("bestEpoch reports lightly's selection with its assumed movement, and not for the last epoch", () => {
  const found = bestEpoch.check(corpus).filter((f) => f.sources[0] === "lightly");
  assert.match(found[0]!.arithmetic[1]!, /0\.41 points/);
  const last = demoCorpus(`tables:
  - id: t
    title: T
    reference: paper
    dataset: big
    metric: top1
    unit: percent
    columns: [{ id: c, protocol: { selection: last } }]
    rows: [{ id: a, cells: [90.0] }]
`);
  assert.deepEqual(bestEpoch.check(last), []);
});
