import assert from "node:assert/strict";
import { compareFindings, findingOn, fixed, signed } from "../../../src/claims/rules/finding.ts";
import { realCorpus } from "../real_corpus.ts";

Deno.test("fixed and signed print no negative zero", () => {
  assert.equal(fixed(-0.001, 2), "0.00");
  assert.equal(signed(0.5, 1), "+0.5");
  assert.equal(signed(-0.5, 1), "-0.5");
  assert.equal(signed(0, 1), "0.0");
});

Deno.test("findingOn takes its place from the first claim and lists each source once", () => {
  const claims = realCorpus().claims;
  const [a, b, c] = ["moco:results/moco-v1/top1", "moco:results/moco-v2/top1", "vissl:others/moco-v2/top1"]
    .map((id) => claims.find((x) => x.id === id)!);
  const f = findingOn("r", "note", [a!, b!, c!], "m", []);
  assert.deepEqual(f.sources, ["moco", "vissl"]);
  assert.deepEqual(f.at, a!.at);
});

Deno.test("compareFindings puts errors first, then orders by rule and place", () => {
  const claims = realCorpus().claims;
  const note = findingOn("a", "note", [claims[0]!], "", []);
  const error = findingOn("z", "error", [claims[1]!], "", []);
  assert.deepEqual([note, error].sort(compareFindings), [error, note]);
});
