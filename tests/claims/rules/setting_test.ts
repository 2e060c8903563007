import assert from "node:assert/strict";
import {
  describeDifference,
  differingFields,
  protocolEntries,
  sameFamily,
  sameSetting,
} from "../../../src/claims/rules/setting.ts";
import { realCorpus } from "../real_corpus.ts";

const claims = realCorpus().claims;
const claim = (id: string) => claims.find((c) => c.id === id)!;

Deno.test("differingFields counts a field that only one protocol states, unless told to ignore it", () => {
  const [a, b] = [{ encoder: "resnet50", batch: 256 }, { encoder: "resnet50", epochs: 100 }];
  assert.deepEqual(differingFields(a, b), ["batch", "epochs"]);
  assert.deepEqual(differingFields(a, b, "ignored"), []);
});

Deno.test("protocolEntries reads width 1 and no extra layers as what absence means", () => {
  assert.deepEqual(protocolEntries({ width: 1, extra_layers: false }), []);
  assert.deepEqual(differingFields({ width: 2 }, {}, "ignored"), ["width"]);
});

Deno.test("sameSetting wants equal stated epochs, sameFamily does not", () => {
  const [moco, vissl, lightly] = [
    "moco:results/moco-v2/top1",
    "vissl:others/moco-v2/top1",
    "lightly:imagenet/moco-v2/linear",
  ]
    .map(claim);
  assert.ok(sameSetting(moco!, vissl!));
  assert.ok(sameFamily(moco!, lightly!) && !sameSetting(moco!, lightly!));
});

Deno.test("sameFamily keeps probes, widths and data apart", () => {
  const base = claim("vissl:simclr/r50-1000/top1");
  for (
    const other of [
      "vissl:simclr/r50w2-1000/top1",
      "mmselfsup:simclr-knn/simclr/k10",
      "solo-learn:cifar/simclr/c10",
    ]
  ) {
    assert.ok(!sameFamily(base, claim(other)), other);
  }
});

Deno.test("describeDifference names unstated fields", () => {
  assert.equal(describeDifference({ batch: 256 }, {}, ["batch"]), "batch 256 against unstated");
});
