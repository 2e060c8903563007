import assert from "node:assert/strict";
import { AssayError } from "../../src/base/error.ts";
import { demoCorpus } from "./real_corpus.ts";

const table = `n: 1
protocol: { encoder: resnet18 }
tables:
  - id: t
    title: "Table T"
    reference: paper
    dataset: big
    metric: top1
    unit: percent
    protocol: { epochs: 100 }
    columns:
      - { id: linear, protocol: { probe: linear } }
      - { id: knn, protocol: { probe: knn, k: 20 } }
    rows:
      - { id: a, cells: [90.10, 88.0] }
      - { id: b, protocol: { epochs: 200 }, method: bee, cells: [~, { value: 87.5, n: 3, spread: { value: 0.2, kind: se }, protocol: { k: 10 } }] }
`;

Deno.test("expandSource gives one claim per cell and none for an empty cell", () => {
  const { claims } = demoCorpus(table);
  assert.deepEqual(claims.map((c) => c.id), ["demo:t/a/linear", "demo:t/a/knn", "demo:t/b/knn"]);
});

Deno.test("expandSource lets the innermost protocol win and keeps the rest", () => {
  const { claims } = demoCorpus(table);
  assert.deepEqual(claims[0]!.protocol, { encoder: "resnet18", epochs: 100, probe: "linear" });
  assert.deepEqual(claims[2]!.protocol, { encoder: "resnet18", epochs: 200, probe: "knn", k: 10 });
});

Deno.test("expandSource keeps printed decimals, runs, spread, method and the place of the cell", () => {
  const { claims } = demoCorpus(table);
  const [first, , last] = claims;
  assert.equal(first!.decimals, 2);
  assert.equal(first!.n, 1);
  assert.equal(first!.method, "a");
  assert.match(first!.quote, /Table T; a; linear: 90\.10/);
  assert.deepEqual(first!.at, { file: "claims/demo.yaml", line: 20, column: 26 });
  assert.equal(last!.n, 3);
  assert.equal(last!.method, "bee");
  assert.deepEqual(last!.spread, { value: 0.2, decimals: 1, kind: "se" });
});

const wrong: [string, (t: string) => string, RegExp][] = [
  [
    "a row with too few cells",
    (t) => t.replace("[90.10, 88.0]", "[90.10]"),
    /demo\.yaml:20:25: row "a" needs 2 cells/,
  ],
  ["an unknown data set", (t) => t.replace("dataset: big", "dataset: bigg"), /"bigg"; did you mean "big"/],
  ["an unknown reference", (t) => t.replace("reference: paper", "reference: papre"), /did you mean "paper"/],
  ["two rows of one id", (t) => t.replace("id: b,", "id: a,"), /demo\.yaml:21:15: ids must differ/],
  [
    "a misspelt key",
    (t) => t.replace("epochs: 200", "epoch: 200"),
    /demo\.yaml:21:30: .* has no key "epoch"/,
  ],
  ["a cell that is text", (t) => t.replace("88.0]", "high]"), /demo\.yaml:20:33/],
  [
    "an unknown column among the blocks",
    (t) => t.replace("    columns:", "    blocks: [linear, nkn]\n    columns:"),
    /did you mean "knn"/,
  ],
];
for (const [name, edit, message] of wrong) {
  Deno.test(`expandSource refuses ${name}, naming line and column`, () => {
    assert.throws(() => demoCorpus(edit(table)), (e) => {
      assert.ok(e instanceof AssayError);
      assert.match(e.message, message);
      return true;
    });
  });
}
