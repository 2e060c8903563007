import assert from "node:assert/strict";
import * as a from "../../../mod.ts";
import { publishedNotes } from "../../../src/repro/table/published_notes.ts";
import { type Chosen, resolveRuns } from "../../../src/repro/table/resolve.ts";
import type { Table } from "../../../src/repro/table/vocabulary.ts";

const base: Table = {
  kind: "table",
  checks: [],
  id: "demo/notes",
  title: "Demo",
  summary: "Two methods",
  rows: { simclr: a.train("simclr"), byol: a.train("byol", { longer: 2 }) },
  measures: {},
  scales: {
    smoke: {
      data: "shapes",
      seeds: [0],
      settings: "small",
      all: { encoder: "tiny", size: 32, batch: 64, epochs: 1 },
    },
    paper: { data: "cifar10", seeds: [0, 1], settings: "published" },
  },
};

async function notesOf(table: Table, scale: Chosen["scale"], dataset: string): Promise<string[]> {
  const chosen = { scale, dataset, rows: Object.keys(table.rows), seeds: table.scales[scale]!.seeds };
  const runs = (await resolveRuns(table, chosen)).map((run) => ({ ...run, recorded: undefined }));
  return publishedNotes({ table, chosen, runs });
}

Deno.test("publishedNotes names sources, joins rows that differ alike, and says what a row put in the source's place", async () => {
  const notes = await notesOf(base, "paper", "cifar10");
  assert.ok(
    notes.includes("simclr: settings of vturrisi/solo-learn, scripts/pretrain/cifar/simclr.yaml at 9187ea3."),
  );
  assert.ok(notes.some((note) => /^simclr, byol: .*16 and 32 bits/.test(note)), notes.join("\n"));
  assert.ok(notes.includes("byol: stop.epochs is 2000 where the source has 1000."));
});

Deno.test("publishedNotes has none for other settings, and those of memory for a step that is planned from published ones", async () => {
  assert.deepEqual(await notesOf(base, "smoke", "shapes"), []);
  const planned = { ...base, measures: { planned: a.planned(a.IMAGENET, "published") } };
  const notes = await notesOf(planned, "smoke", "shapes");
  assert.ok(
    notes.includes("simclr, byol: planned with a batch of 256 where the source has 4096."),
    notes.join("\n"),
  );
  assert.ok(notes.every((note) => !note.includes("augmentation")));
});
