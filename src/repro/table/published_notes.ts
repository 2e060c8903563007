/** What a report says of published settings: what runs do otherwise than their sources, and what was assumed. */
import { differencesOf } from "../../record/differences.ts";
import { parseSpec } from "../../record/spec/spec.ts";
import { differences } from "../presets/differences.ts";
import type { PublishedPreset } from "../presets/preset.ts";
import { published } from "../presets/published.ts";
import type { Telling } from "./cells.ts";
import { nameOf } from "./grids.ts";
import { settingOf } from "./resolve.ts";
import type { Measure } from "./vocabulary.ts";

const PUBLISHED = "published";
/** Fields that a table decides for itself. */
const OWN = /^(format|seed|probes|checkpointEvery|data\..*)$/;

/** One note a sentence, with the rows that it is of; none where the table uses no published settings. */
export function publishedNotes({ table, chosen, runs }: Telling): string[] {
  const rows = new Map<string, Set<string>>();
  const say = (row: string, sentence: string): void => {
    rows.set(sentence, (rows.get(sentence) ?? new Set()).add(nameOf(table, row)));
  };
  const trains = settingOf(table, chosen.scale).settings === PUBLISHED;
  const planned = plannedOf(Object.values(table.measures));
  for (const { row, spec, seed } of runs) {
    if (seed !== chosen.seeds[0]) continue;
    if (trains) {
      const preset = published(spec.method, spec.data.train.name);
      [stated(preset), ...differences(preset)].forEach((sentence) => say(row, sentence));
      for (const { what, a, b } of differencesOf(parseSpec({ ...preset.spec, seed: 0 }), spec)) {
        if (OWN.test(what)) continue;
        say(row, `${what} is ${b ?? "absent"} where the source has ${a ?? "nothing"}.`);
      }
    }
    for (const [data, batch] of planned) {
      const preset = published(spec.method, data);
      [stated(preset), ...differences(preset, "memory")].forEach((sentence) => say(row, sentence));
      if (batch === undefined || batch === preset.spec.batch) continue;
      say(row, `planned with a batch of ${batch} where the source has ${preset.spec.batch}.`);
    }
  }
  return [...rows].map(([sentence, of]) => `${[...of].join(", ")}: ${sentence}`);
}

const stated = ({ source: { repository, file, revision } }: PublishedPreset): string =>
  `settings of ${repository}, ${file}${
    /^[0-9a-f]{40}$/.test(revision) ? ` at ${revision.slice(0, 7)}` : ` (${revision})`
  }.`;

/** Data set and batch of every step that a table plans from published settings. */
function plannedOf(measures: readonly Measure[]): ReadonlyMap<string, number | undefined> {
  return new Map(
    measures.flatMap((m): [string, number | undefined][] =>
      m.kind === "planned" && m.settings === PUBLISHED && m.part?.data !== undefined
        ? [[m.part.data, m.part.batch]]
        : []
    ),
  );
}
