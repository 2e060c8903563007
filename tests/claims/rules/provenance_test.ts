import assert from "node:assert/strict";
import {
  encodedRecipe,
  metadataDisagrees,
  sharedWeights,
  sourceGone,
  stepCount,
} from "../../../src/claims/rules/provenance.ts";
import { editedCorpus, realCorpus } from "../real_corpus.ts";

const corpus = realCorpus();

Deno.test("encodedRecipe reads batch and epochs from names of model zoos", () => {
  assert.deepEqual(encodedRecipe("simclr_resnet50_16xb256-coslr-800e_in1k"), { batch: 4096, epochs: 800 });
  assert.deepEqual(encodedRecipe("swav_resnet50_8xb32-mcrop-2-6-coslr-200e_in1k-224-96"), {
    batch: 256,
    epochs: 200,
  });
  assert.deepEqual(encodedRecipe("a_8xb32-coslr-200e_in1k/probe_8xb512-coslr-90e.pth"), {
    batch: 256,
    epochs: 200,
  });
  assert.deepEqual(encodedRecipe("resnet50.pth"), {});
});

Deno.test("metadataDisagrees finds mmselfsup's 800-epoch model listed with 200 epochs, and not once corrected", () => {
  const found = metadataDisagrees.check(corpus).map((f) => f.message).join("\n");
  assert.match(found, /simclr\/b4096-e800/);
  const head = `name: simclr_resnet50_16xb256-coslr-800e_in1k
          weights: simclr_resnet50_16xb256-coslr-800e_in1k_20220825-85fcc4de.pth
          probe_weights: simclr_resnet50_16xb256-coslr-800e_in1k/resnet50_linear-8xb512-coslr-90e_in1k_20220825-b80ae1e5.pth
          listed: { epochs: `;
  const corrected = editedCorpus("mmselfsup", `${head}200`, `${head}800`);
  assert.doesNotMatch(metadataDisagrees.check(corrected).map((f) => f.message).join("\n"), /b4096-e800/);
});

Deno.test("sharedWeights finds two SimCLR rows with one linear probe, and not once they differ", () => {
  assert.equal(sharedWeights.check(corpus).length, 1);
  const own = editedCorpus(
    "mmselfsup",
    "weights: simclr_resnet50_8xb32-coslr-200e_in1k_20220825-15f807a4.pth\n          probe_weights: simclr_resnet50_16xb256-coslr-200e_in1k/resnet50_linear-8xb512-coslr-90e_in1k_20220825-f12c0457.pth",
    "weights: simclr_resnet50_8xb32-coslr-200e_in1k_20220825-15f807a4.pth\n          probe_weights: simclr_resnet50_8xb32-coslr-200e_in1k/other.pth",
  );
  assert.deepEqual(sharedWeights.check(own), []);
});

Deno.test("stepCount finds the batch that a checkpoint's steps imply", () => {
  const found = stepCount.check(corpus);
  assert.deepEqual(found.map((f) => /imagenet\/tico/.test(f.message)), [true]);
  assert.match(found[0]!.arithmetic[1]!, /512\.1 images per step/);
  assert.deepEqual(stepCount.check(editedCorpus("lightly", "steps: 250200", "steps: 500400")), []);
});

Deno.test("sourceGone names the references that are gone", () => {
  assert.deepEqual(sourceGone.check(corpus).map((f) => f.sources[0]).sort(), ["moco", "solo-learn"]);
});
