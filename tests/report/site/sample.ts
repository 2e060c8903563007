/** A small site with one of everything: claims, findings, a table and runs, with markup in every text that may hold it. */
import { join } from "node:path";
import type { Corpus } from "../../../src/claims/corpus.ts";
import { findAll } from "../../../src/claims/audit.ts";
import { RESULT_FORMAT, type TableResult } from "../../../src/report/result.ts";
import { collect, type Collection } from "../../../src/report/site/collect.ts";
import { type Context, contextOf } from "../../../src/report/site/context.ts";
import { demoCorpus } from "../../claims/real_corpus.ts";
import { inFolder, makeOutput, put } from "../../record/synthetic_run.ts";

export const HOSTILE = `<script>alert("x")</script> & <b onclick='y'>`;

/** Claims with markup in titles and quotes, two values for one cell, a statement that the cells contradict, a doubt. */
export function sampleCorpus(): Corpus {
  return demoCorpus(`tables:
  - id: t1
    title: ${JSON.stringify(`First ${HOSTILE}`)}
    reference: paper
    dataset: big
    metric: top1
    unit: percent
    columns: [{ id: top1, protocol: { encoder: resnet18, epochs: 200 } }]
    rows:
      - { id: ours, role: proposed, cells: [{ value: 71.0, quote: ${JSON.stringify(HOSTILE)} }] }
      - { id: theirs, role: baseline, cells: [72.5] }
  - id: t2
    title: Second
    reference: paper
    dataset: big
    metric: top1
    unit: percent
    columns: [{ id: top1, protocol: { encoder: resnet18, epochs: 200 } }, { id: other }]
    rows:
      - { id: ours, role: proposed, method: ours, cells: [75.0, ~] }
statements:
  - id: we-win
    quote: ${JSON.stringify(`We win ${HOSTILE}`)}
    reference: paper
    asserts: { form: best, winners: ["t1/ours/*"], among: ["t1/*/*"] }
doubts:
  - { id: D1, doubt: ${JSON.stringify(`Really ${HOSTILE}?`)}, experiment: train it, expected: less }
`);
}

const PUBLISHED = { source: { paper: `Demo ${HOSTILE}` }, paraphrase: false, differs: [] } as const;

/** A result with every optional part. */
export const sampleResult: TableResult = {
  format: RESULT_FORMAT,
  table: "demo/t1",
  title: `Demo ${HOSTILE}`,
  scale: "smoke",
  dataset: "big",
  adapter: `An adapter ${HOSTILE}`,
  headline: [`Ours is far below ${HOSTILE}.`],
  grids: [
    {
      title: "Results",
      names: "method",
      columns: [
        { id: "knn", heading: "kNN", unit: "percent" },
        { id: "layers", heading: "layers", unit: "count" },
        { id: "remark", heading: "remark", unit: "text" },
        { id: "stepMs", heading: "ms a step", unit: "ms" },
        { id: "seconds", heading: "seconds", unit: "seconds" },
      ],
      rows: [
        {
          name: "ours",
          cells: {
            knn: { values: [40, 42, 41] },
            layers: { value: 3 },
            remark: { text: HOSTILE },
            stepMs: { value: 12.5 },
            seconds: { value: 77.7 },
          },
        },
        { name: "theirs", cells: { knn: { values: [39] } } },
      ],
    },
    {
      title: "Side",
      columns: [{ id: "b", heading: "b", unit: "text" }],
      rows: [{ name: "1", cells: { b: { text: HOSTILE } } }],
    },
  ],
  claims: [
    {
      ...PUBLISHED,
      id: "demo:t1/ours/top1",
      statement: `We win ${HOSTILE}`,
      verdict: "BELOW",
      inequality: "41.0 < 71.0 - 1.0",
    },
    {
      ...PUBLISHED,
      id: "demo:we-win/knn",
      statement: "Again.",
      verdict: "NOT-COMPARABLE",
      inequality: "",
      direction: "contradicts",
      differs: ["scale"],
    },
    { ...PUBLISHED, id: "demo:gone", statement: "Another.", verdict: "REPRODUCED", inequality: "" },
  ],
  checks: [{ id: "own", question: `Own ${HOSTILE}?`, outcome: "holds", inequality: "1 = 1" }],
  protocol: [`Run so ${HOSTILE}.`],
  notes: [`A note ${HOSTILE} with \`code\`.`],
  plots: [{
    name: "curve",
    caption: `A curve ${HOSTILE}`,
    spec: {
      data: { values: [{ name: HOSTILE, x: 1, y: 2 }, { name: HOSTILE, x: 2, y: 3 }] },
      mark: "line",
      encoding: {
        x: { field: "x", type: "quantitative" },
        y: { field: "y", type: "quantitative" },
        color: { field: "name", type: "nominal" },
      },
    },
  }],
};

/** Runs `body` in a folder whose `toy/` holds the sample result and its runs. */
export async function withSampleFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  return await inFolder(async (folder) => {
    await makeOutput(join(folder, "toy"), true);
    await put(join(folder, "toy/run.json"), JSON.stringify(sampleResult));
    return await body(folder);
  });
}

let collected: Promise<Collection> | undefined;

/** The sample as `collect` reads it; written and read once. */
export function sampleCollection(): Promise<Collection> {
  return collected ??= withSampleFolder((path) => collect([{ path, shownAs: "sample" }]));
}

/** The sample as the makers of pages see it. */
export async function sampleContext(): Promise<Context> {
  const corpus = sampleCorpus();
  return contextOf({ ...await sampleCollection(), corpus, findings: findAll(corpus) });
}
