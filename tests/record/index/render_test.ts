import assert from "node:assert/strict";
import { renderComparison, renderList, renderRun } from "../../../src/record/index/render.ts";
import { brokenRun, summarise } from "../../../src/record/index/summary.ts";
import { type Made, made } from "../recorded.ts";

const line = (m: Made, name: string) => summarise(made(m), `/r/${name}`, name);

Deno.test("renderList prints one line a run and why a folder is broken", () => {
  const text = renderList([
    line({ knn: 61 }, "a"),
    line({ end: "start" }, "b"),
    brokenRun("/r/c", "c", "no spec"),
  ]);
  assert.match(text, /\| a +\| sdiet +\| shapes +\| +0 \| completed +\| +3 \| +1 \| +61 \|/);
  assert.match(text, /\| b .*unfinished +\| 0 of 3 \|/);
  assert.match(text, /^c: no spec$/m);
});

Deno.test("renderComparison prints runs as columns", () => {
  const text = renderComparison([line({ knn: 61 }, "a"), line({ knn: 62, bytes: 1234 }, "b")]);
  assert.match(text, /\| knn knn +\| +61 \| +62 \|/);
  assert.match(text, /\| peak bytes +\| +1,000 \| +1,234 \|/);
});

Deno.test("renderRun counts events and prints evaluations, checkpoints and faults", () => {
  const run = made({ end: "fault" });
  const text = renderRun(summarise(run, "/r/a", "a"), run);
  assert.match(text, /1 eval, 1 checkpoint, 1 fault/);
  assert.match(text, /probe knn, k 20/);
  assert.match(text, /checkpoints\/step-3.safetensors/);
  assert.match(text, /^Fault at step 3: Cannot go on/m);
});
