import assert from "node:assert/strict";
import {
  addressesOf,
  claimAnchor,
  claimPath,
  claimsPath,
  slug,
  sourcePath,
  statementAnchor,
  statementPath,
} from "../../../src/report/site/addresses.ts";
import { sampleCollection, sampleContext } from "./sample.ts";

Deno.test("claimPath points at the claim's row on the page of its table", async () => {
  const claim = (await sampleContext()).claim("demo:t1/ours/top1")!;
  assert.equal(claimPath(claim), "claims/demo/t1.html#ours/top1");
  assert.equal(claimAnchor(claim), "ours/top1");
  assert.equal(claimsPath({ source: "demo", id: "t1" }), "claims/demo/t1.html");
  assert.equal(sourcePath("demo"), "sources/demo.html");
  assert.equal(statementPath("demo", "we-win"), `sources/demo.html#${statementAnchor("we-win")}`);
});

Deno.test("slug keeps lower-case letters, digits and hyphens", () => {
  assert.equal(slug("SDiet/Table 6 ../x"), "sdiet-table-6-x");
  assert.equal(slug("///"), "page");
});

Deno.test("addressesOf gives each thing a name of its own, also where two say the same", async () => {
  const { findings, results, runs } = await sampleContext();
  const twice = [...findings, ...findings.map((f) => ({ ...f }))];
  const address = addressesOf(twice, results, runs);
  const paths = [...twice.map(address.finding), ...results.map(address.result), ...runs.map(address.run)];
  assert.equal(new Set(paths.map((p) => p.toLowerCase())).size, paths.length);
  for (const path of paths) assert.match(path, /^(findings|tables|runs)\/[a-z0-9-]+\.html$/);
});

Deno.test("addressesOf names a finding by what it says: line numbers do not move its page", async () => {
  const { findings } = await sampleContext();
  const moved = findings.map((f) => ({ ...f, at: { ...f.at, line: f.at.line + 7 } }));
  const before = addressesOf(findings, [], []), after = addressesOf(moved, [], []);
  assert.deepEqual(moved.map(after.finding), findings.map(before.finding));
});

Deno.test("addressesOf names a result by its digest, in which times have no part", async () => {
  const { results } = await sampleCollection();
  assert.match(addressesOf([], results, []).result(results[0]!), /^tables\/demo-t1-smoke-[0-9a-f]{8}\.html$/);
});
