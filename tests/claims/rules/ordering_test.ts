import assert from "node:assert/strict";
import { monotone, protocolSpread } from "../../../src/claims/rules/ordering.ts";
import { editedCorpus, realCorpus } from "../real_corpus.ts";

const corpus = realCorpus();

Deno.test("monotone finds VISSL's SimCLR reversals in epochs, width and depth", () => {
  const pairs = monotone.check(corpus).filter((f) => f.severity === "warning").map((f) =>
    f.claims.map((c) => c.row).join(" < ")
  );
  assert.deepEqual(pairs.sort(), ["r101-100 < r50-100", "r50-1000 < r50-800", "r50w4-1000 < r50w2-1000"]);
});

Deno.test("monotone falls silent for a reversal that is repaired", () => {
  const repaired = monotone.check(editedCorpus("vissl", "cells: [68.8]", "cells: [69.8]"));
  assert.ok(!repaired.some((f) => f.claims[0]!.row === "r50-1000"));
});

Deno.test("monotone finds a reversal in queue size only beyond what the plot's reading allows", () => {
  const cell = (v: string) => editedCorpus("compress", "cells: [43.1]", `cells: [${v}]`);
  const about = (v: string) => monotone.check(cell(v)).filter((f) => f.claims[0]!.table === "ablation-queue");
  assert.equal(about("39.0").length, 0, "39.5 -> 39.0 is within two readings of 0.3");
  assert.equal(about("38.0").length, 1);
});

Deno.test("protocolSpread finds k and the probe mode, with the widest pair", () => {
  const found = protocolSpread.check(corpus);
  const text = found.map((f) => f.message).join("\n");
  assert.match(text, /mmselfsup: k alone moves simclr .* by 3\.2/);
  assert.match(text, /solo-learn: mode alone moves simsiam on ImageNet-100, validation by 4\.18/);
});

Deno.test("protocolSpread falls silent when every k gives the same", () => {
  const flat = protocolSpread.check(
    editedCorpus("mmselfsup", "cells: [47.8, 48.4, 46.7, 45.2]", "cells: [47.8, 47.9, 47.7, 47.6]"),
  );
  assert.ok(!flat.some((f) => f.sources[0] === "mmselfsup"));
});
