import assert from "node:assert/strict";
import { loadCorpus } from "../../src/claims/corpus.ts";
import { judgePublished, methodOf, publishedFor } from "../../src/judge/published.ts";

const corpus = await loadCorpus(new URL("../../claims/", import.meta.url));
const methods = ["simclr", "moco", "barlow"];
const claims = publishedFor(corpus, methods, "cifar10");
const solo = claims.find((c) => c.id === "solo-learn:cifar/simclr/c10")!;

Deno.test("publishedFor finds a method under the names that sources give it", () => {
  assert.equal(solo.value, 90.74);
  assert.ok(claims.some((c) => c.source === "solo-learn" && methodOf(c, methods) === "moco"));
  assert.ok(claims.some((c) => c.source === "lightly" && methodOf(c, methods) === "barlow"));
  assert.ok(claims.every((c) => c.dataset?.id === "cifar10" && c.metric === "top1"));
});

Deno.test("judgePublished refuses to compare a small run with a full one and says in what they differ", () => {
  const measured = {
    method: "simclr",
    probe: "linear",
    values: [41, 42],
    dataset: "cifar10-jpeg",
    scale: "mini",
    testSetSize: 2000,
    protocol: { encoder: "tiny", epochs: 20, probe: "linear", mode: "offline" },
  } as const;
  const [result] = judgePublished([{ claim: solo, measured }]);
  assert.equal(result!.verdict, "NOT-COMPARABLE");
  assert.match(result!.statement, /90\.74 %.*full scale/);
  assert.deepEqual(result!.differs.slice(0, 3), ["dataset", "scale", "protocol.encoder"]);
  assert.equal(judgePublished([{ claim: solo, measured: undefined }])[0]!.verdict, "NOT-RUN");
});

Deno.test("judgePublished judges a run under the published conditions", () => {
  const { encoder, epochs } = solo.protocol;
  const same = {
    method: "simclr",
    probe: "linear",
    dataset: "cifar10",
    scale: "paper",
    testSetSize: 10_000,
    protocol: { encoder, epochs, probe: "linear", mode: "online" },
  } as const;
  const verdict = (values: number[]) =>
    judgePublished([{ claim: solo, measured: { ...same, values } }])[0]!.verdict;
  assert.equal(verdict([90.7, 90.8, 90.75]), "REPRODUCED");
  assert.equal(verdict([80, 80.1, 79.9]), "BELOW");
});
