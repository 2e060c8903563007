import assert from "node:assert/strict";
import { methodOf, publishedFor } from "../../src/judge/published.ts";
import { realCorpus } from "../claims/real_corpus.ts";

const methods = ["simclr", "moco", "barlow"];

Deno.test("publishedFor finds a method under the names that sources give it", () => {
  const claims = publishedFor(realCorpus(), methods, "cifar10");
  assert.equal(claims.find((c) => c.id === "solo-learn:cifar/simclr/c10")!.value, 90.74);
  assert.ok(claims.some((c) => c.source === "solo-learn" && methodOf(c, methods) === "moco"));
  assert.ok(claims.some((c) => c.source === "lightly" && methodOf(c, methods) === "barlow"));
  assert.ok(claims.every((c) => c.dataset?.id === "cifar10" && c.metric === "top1"));
});
