import assert from "node:assert/strict";
import { accuracyRange, attainable, testSetGranularity } from "../../../src/claims/rules/granularity.ts";
import { demoCorpus, editedCorpus, realCorpus } from "../real_corpus.ts";

Deno.test("attainable accepts exactly the roundings of counts, by enumeration", () => {
  for (const [images, decimals] of [[200, 1], [200, 2], [5000, 2], [37, 3]] as const) {
    const printable = new Set(
      Array.from({ length: images + 1 }, (_, k) => ((100 * k) / images).toFixed(decimals)),
    );
    const step = 10 ** -decimals;
    for (let i = 0; i * step <= 100; i++) {
      const value = Number((i * step).toFixed(decimals));
      const half = Math.abs((((value / 100) * images) % 1) - 0.5) < 1e-6; // ties may round either way
      const { possible } = attainable({ value, decimals }, images, 100);
      if (!half) assert.equal(possible, printable.has(value.toFixed(decimals)), `${value} of ${images}`);
    }
  }
});

const cell = (value: string, extra = "") =>
  `tables:
  - id: t
    title: T
    reference: paper
    dataset: small
    metric: top1
    unit: percent
    n: 1
    columns: [{ id: c${extra} }]
    rows: [{ id: a, cells: [${value}] }]
`;

Deno.test("testSetGranularity finds 81.3 impossible on 200 images and 81.5 possible", () => {
  assert.equal(testSetGranularity.check(demoCorpus(cell("81.3"))).length, 1);
  assert.equal(testSetGranularity.check(demoCorpus(cell("81.5"))).length, 0);
});

Deno.test("testSetGranularity divides the step by the number of runs", () => {
  assert.equal(testSetGranularity.check(demoCorpus(cell("{ value: 81.25, n: 2 }"))).length, 0);
  assert.equal(testSetGranularity.check(demoCorpus(cell("81.25"))).length, 1);
});

Deno.test("testSetGranularity leaves bounds, readings off a plot and unknown sizes alone", () => {
  assert.equal(testSetGranularity.check(demoCorpus(cell("81.3", ", bound: about"))).length, 0);
  assert.equal(testSetGranularity.check(demoCorpus(cell("81.3", ", reading_error: 0.3"))).length, 0);
});

Deno.test("testSetGranularity finds one cell of ImageNet-100, and nothing once it is even", () => {
  const found = testSetGranularity.check(realCorpus());
  assert.deepEqual(found.map((f) => f.claims[0]!.id), ["solo-learn:imagenet100/all4one/online"]);
  assert.match(found[0]!.arithmetic[1]!, /4096 correct -> 81\.92000, 4097 correct -> 81\.94000/);
  assert.deepEqual(testSetGranularity.check(editedCorpus("solo-learn", "81.93", "81.94")), []);
});

Deno.test("accuracyRange refuses more than all test images", () => {
  assert.equal(accuracyRange.check(demoCorpus(cell("100.5"))).length, 1);
  assert.equal(accuracyRange.check(demoCorpus(cell("100.0"))).length, 0);
});
