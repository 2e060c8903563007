/** The committed corpus as texts, so that a test can change one character and read it again. */
import assert from "node:assert/strict";
import { assemble, type ClaimsText, type Corpus, readDatasets, readSource } from "../../src/claims/corpus.ts";

const folder = new URL("../../claims/", import.meta.url);

export const sourceNames = [...Deno.readDirSync(folder)].map((e) => e.name)
  .filter((n) => n.endsWith(".yaml") && n !== "datasets.yaml").sort();

export function text(name: string): ClaimsText {
  return { file: `claims/${name}`, text: Deno.readTextFileSync(new URL(name, folder)) };
}

const datasets = readDatasets(text("datasets.yaml"));
const committed = new Map(sourceNames.map((name) => [name, readSource(text(name), datasets)]));

/** The corpus as committed. */
export function realCorpus(): Corpus {
  return assemble([...committed.values()]);
}

/** The corpus with one place of one file changed; the place must occur exactly once. */
export function editedCorpus(source: string, from: string, to: string): Corpus {
  const files = sourceNames.map((name) => {
    if (name !== `${source}.yaml`) return committed.get(name)!;
    const original = text(name);
    assert.equal(original.text.split(from).length, 2, `"${from}" must occur exactly once in ${name}`);
    return readSource({ ...original, text: original.text.replace(from, () => to) }, datasets);
  });
  return assemble(files);
}

/** A corpus of one source `demo` written in a test, over two data sets of 10000 and 200 test images. */
export function demoCorpus(body: string): Corpus {
  const sizes = readDatasets({
    file: "claims/datasets.yaml",
    text: `datasets:
  big: { title: Big, train: 50000, test: 10000, classes: 10 }
  small: { title: Small, train: 1000, test: 200, classes: 2 }
`,
  });
  return assemble([readSource({
    file: "claims/demo.yaml",
    text: `source: demo
title: Demonstration
kind: paper
references:
  paper: { where: "a paper", revision: v1, certainty: read-on-page }
${body}`,
  }, sizes)]);
}
