import assert from "node:assert/strict";
import { sampleContext } from "./sample.ts";

Deno.test("contextOf finds claims by id and the findings that name them", async () => {
  const context = await sampleContext();
  const claim = context.claim("demo:t1/ours/top1")!;
  assert.equal(claim.value, 71);
  assert.equal(context.claim("demo:none"), undefined);
  const rules = context.about(claim).map((f) => f.rule);
  assert.ok(rules.includes("statement/contradicted") && rules.includes("cells/two-values"), rules.join());
  assert.deepEqual(
    context.about(context.claim("demo:t1/theirs/top1")!).map((f) => f.rule).includes("cells/two-values"),
    false,
  );
});

Deno.test("contextOf gives links as the asking page writes them, with the rule's title and help", async () => {
  const context = await sampleContext();
  const finding = context.findings.find((f) => f.rule === "cells/two-values")!;
  const [link] = context.links("claims/demo/t1.html", [finding]);
  assert.equal(link!.address, `../../${context.address.finding(finding)}`);
  assert.equal(link!.title, "Two published values for one cell");
  assert.match(context.ruleHelp(finding), /One source gives two different numbers/);
});

Deno.test("contextOf: published leads from a verdict's id to the cell or the statement it speaks of", async () => {
  const { published } = await sampleContext();
  assert.equal(published("demo:t1/ours/top1"), "claims/demo/t1.html#ours/top1");
  assert.equal(published("demo:we-win"), "sources/demo.html#statement-we-win");
  assert.equal(published("demo:we-win/knn"), "sources/demo.html#statement-we-win");
  for (const none of ["demo:t1", "X16/head", "demo:we-win-more", "we-win"]) {
    assert.equal(published(none), undefined, none);
  }
});
