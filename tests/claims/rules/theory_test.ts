import assert from "node:assert/strict";
import { costModel, sameGradient, visitGap } from "../../../src/claims/rules/theory.ts";
import { editedCorpus, realCorpus } from "../real_corpus.ts";

const corpus = realCorpus();
const of = (findings: readonly { sources: readonly string[]; message: string }[], source: string) =>
  findings.filter((f) => f.sources[0] === source);

Deno.test("sameGradient finds GeSSL's KL and cross-entropy equal, and not when the target carries gradient", () => {
  assert.match(of(sameGradient.check(corpus), "gessl")[0]!.message, /one gradient \(kl and cross-entropy\)/);
  const through = editedCorpus(
    "gessl",
    "left: { loss: kl, target: stop-gradient }",
    "left: { loss: kl, target: through }",
  );
  assert.deepEqual(of(sameGradient.check(through), "gessl"), []);
});

Deno.test("sameGradient finds SqrtKL to be half an entropy term and its sharpening part minus a half", () => {
  const found = of(sameGradient.check(corpus), "caowu").map((f) => f.message).join("\n");
  assert.match(found, /0\.5 times the other in gradient \(sqrt-kl \(power 0\.5\), negative-entropy\)/);
  assert.match(found, /-0\.5 times the other in gradient \(sharpening/);
});

Deno.test("sameGradient follows the power in the corpus and stops at a target with gradient", () => {
  const line = "left: { loss: sqrt-kl, power: 0.5, target: stop-gradient }";
  const power = editedCorpus("caowu", line, "left: { loss: sqrt-kl, power: 0.8, target: stop-gradient }");
  assert.match(of(sameGradient.check(power), "caowu")[0]!.message, /0\.2 times/);
  const through = editedCorpus("caowu", line, "left: { loss: sqrt-kl, power: 0.5, target: through }");
  assert.equal(of(sameGradient.check(through), "caowu").length, 1, "only the sharpening part is left");
});

Deno.test("costModel finds that 2.76x is not ResNet-50's overlap, and accepts what counting gives", () => {
  assert.match(of(costModel.check(corpus), "loco")[0]!.message, /that gives 1\.33x/);
  assert.deepEqual(of(costModel.check(editedCorpus("loco", "stated: 2.76,", "stated: 1.33,")), "loco"), []);
});

Deno.test("costModel finds 35.1 % beyond the passes saved, and accepts 25 %", () => {
  assert.match(of(costModel.check(corpus), "caowu")[0]!.message, /25\.0 %/);
  assert.deepEqual(of(costModel.check(editedCorpus("caowu", "stated: 35.1", "stated: 25.0")), "caowu"), []);
});

Deno.test("costModel accepts S-DIET's 10 GB for the head and notes the moments kept beside it", () => {
  const found = of(costModel.check(corpus), "sdiet");
  assert.equal(found.length, 1);
  assert.match(found[0]!.message, /disk-size .* 31\.5 GB/);
});

Deno.test("visitGap notes an unstated order, warns for a reshuffled one, accepts a cyclic one", () => {
  const order = (to: string) => visitGap.check(editedCorpus("sdiet", "order: unstated", `order: ${to}`));
  assert.equal(visitGap.check(corpus)[0]!.severity, "note");
  assert.equal(order("reshuffled")[0]!.severity, "warning");
  assert.deepEqual(order("cyclic"), []);
});
