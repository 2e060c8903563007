import assert from "node:assert/strict";
import { acrossSources, twoValues, weakBaseline } from "../../../src/claims/rules/cells.ts";
import { editedCorpus, realCorpus } from "../real_corpus.ts";

const corpus = realCorpus();
const first = (ids: readonly { claims: readonly { id: string }[] }[]) => ids.map((f) => f.claims[0]!.id);

Deno.test("twoValues finds both published values of CompRess R50x4 to R50, and none once they agree", () => {
  const id = "compress:table1/ours-2q/r50-linear";
  assert.ok(first(twoValues.check(corpus)).includes(id));
  const agreed = editedCorpus("compress", "cells: [71.6, 63.4, 42.0]", "cells: [71.0, 63.0, 41.1]");
  assert.ok(!twoValues.check(agreed).some((f) => f.sources[0] === "compress"));
});

Deno.test("twoValues treats peak memory as independent of the number of epochs (lightly's Barlow Twins)", () => {
  const found = twoValues.check(corpus).find((f) =>
    f.claims[0]!.id === "lightly:cifar/barlow-twins/b512-e200-memory"
  )!;
  assert.equal(found.severity, "warning");
  assert.match(found.message, /5\.1 and 7\.9 gigabytes/);
  const agreed = editedCorpus("lightly", "517.5, 7.9]", "517.5, 5.1]");
  assert.ok(!first(twoValues.check(agreed)).includes("lightly:cifar/barlow-twins/b512-e200-memory"));
});

Deno.test("twoValues does not call longer training two values of an accuracy", () => {
  assert.ok(
    !twoValues.check(corpus).some((f) => f.claims[0]!.metric === "top1" && f.sources[0] === "lightly"),
  );
});

Deno.test("twoValues lets a released model agree with the list of runs that holds it", () => {
  assert.ok(!twoValues.check(corpus).some((f) => f.sources[0] === "moco"));
  const released = editedCorpus("moco", "cells: [67.7]", "cells: [67.9]");
  assert.ok(twoValues.check(released).some((f) => f.sources[0] === "moco"), "67.9 is none of the five runs");
});

Deno.test("acrossSources finds SwAV at 200 epochs apart in two libraries, and not once they agree", () => {
  const about = (c: ReturnType<typeof realCorpus>) =>
    acrossSources.check(c).filter((f) => f.claims.some((x) => x.id === "mmselfsup:linear/swav/top1"));
  assert.match(about(corpus)[0]!.arithmetic[0]!, /apart by 2\.57/);
  assert.deepEqual(about(editedCorpus("mmselfsup", "cells: [70.5]", "cells: [73.4]")), []);
});

Deno.test("weakBaseline sets LoCo's SimCLR beside the authors' value and lists what 100 epochs give", () => {
  const found = weakBaseline.check(corpus).find((f) => f.sources[0] === "loco")!;
  assert.match(found.message, /simclr at 65\.7; simclr:paper\/r50-1x\/top1 has 69\.3/);
  assert.match(found.arithmetic.join("\n"), /64\.5 \(100, simclr\)/);
  const strong = weakBaseline.check(editedCorpus("loco", "cells: [65.7]", "cells: [69.4]"));
  assert.ok(!strong.some((f) => f.sources[0] === "loco"));
});

Deno.test("weakBaseline says when the paper's own result stays below the original baseline (GeSSL)", () => {
  const found = weakBaseline.check(corpus).find((f) => f.sources[0] === "gessl")!;
  assert.match(found.arithmetic.join("\n"), /72\.84 is still 0\.36 below it/);
});
