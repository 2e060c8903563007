import assert from "node:assert/strict";
import { digestEvents, eventsOf } from "../../../src/record/events.ts";
import { flatten, runFiles, runList } from "../../../src/report/site/run_page.ts";
import { named, tagsOf } from "./page.ts";
import { HOSTILE, sampleContext } from "./sample.ts";

const context = await sampleContext();
const [run] = context.runs;
const path = context.address.run(run!);
const files = await runFiles(context, run!);
const tags = tagsOf(files.get(path)!);
const main = named(tags, "main")[0]!.text;

Deno.test("runFiles holds the page and its curves", () => {
  const stem = path.replace(".html", "");
  assert.deepEqual([...files.keys()].sort(), [`${stem}-evaluations.svg`, `${stem}-steps.svg`, path].sort());
});

Deno.test("runFiles shows specification, hashes, every checkpoint and every evaluation", () => {
  const { events, specHash } = run!.recorded;
  for (const text of [specHash, digestEvents(events), "completed", "12 of 12, batches of 8"]) {
    assert.ok(main.includes(text), text);
  }
  for (const c of eventsOf(events, "checkpoint")) {
    assert.ok(main.includes(c.sha256) && main.includes(c.state), c.file);
  }
  for (const e of eventsOf(events, "eval")) assert.ok(main.includes(`knn ${e.values.knn}`));
  assert.equal(eventsOf(events, "checkpoint").length, 4);
});

Deno.test("runFiles leads back to the table of the run", () => {
  const [result] = context.results;
  const link = named(tags, "a").find((a) => a.text === "demo/t1, smoke")!;
  assert.equal(link.attributes.href, `../${context.address.result(result!)}`);
});

Deno.test("runFiles counts events without interruptions, which only the marked section shows", () => {
  const [section] = named(tags, "section");
  assert.match(section!.text, /Interruptions/);
  assert.ok(run!.recorded.events.some((e) => e.event === "resume"), "the sample was interrupted");
  assert.doesNotMatch(main.replace(section!.text, ""), /resume/);
});

Deno.test("runList has a row a run, with the last evaluation of each probe", () => {
  const rows = named(tagsOf(runList(context)), "tr").map((t) => t.text).slice(1);
  assert.equal(rows.length, 3);
  const last = eventsOf(run!.recorded.events, "eval").at(-1)!;
  assert.ok(rows[0]!.startsWith(`alpha-seed1alpha112knn knn ${last.values.knn}completed`), rows[0]);
  assert.match(runList({ ...context, runs: [] }), /None is recorded here yet/);
});

Deno.test("flatten names nested fields by their path, sorted", () => {
  assert.deepEqual(flatten({ b: { d: [1, 2], c: HOSTILE }, a: null, e: {} }), [
    ["a", "null"],
    ["b.c", HOSTILE],
    ["b.d", "[1,2]"],
    ["e", "{}"],
  ]);
});
