/** Verdicts on what was published, and answers to this project's own questions, from the cells of a table. */
import type { Corpus } from "../../claims/corpus.ts";
import { loadCorpus } from "../../claims/corpus.ts";
import { AssayError } from "../../base/error.ts";
import { type CheckCase, judgeChecks, judgeClaims } from "../../judge/judge_claims.ts";
import type { ClaimCase, MeasuredCell, MeasuredTable } from "../../judge/measured.ts";
import type { CheckResult, ClaimResult } from "../../judge/outcome.ts";
import { cellCases } from "../../judge/published_cell.ts";
import { sentenceCases } from "../../judge/sentence.ts";
import { probeSchema } from "../../record/spec/probe.ts";
import { cellOf, outcomesOf, type Telling, testImages } from "./cells.ts";
import { ownCases } from "./own.ts";
import { columnsOf, isTrained, probesOf, settingOf } from "./resolve.ts";
import type { Check } from "./vocabulary.ts";

const CLAIMS = new URL("../../../claims/", import.meta.url);

/** Judges every check of a table: published ones as one family, own ones as another. */
export async function judge(t: Telling): Promise<{ claims: ClaimResult[]; checks: CheckResult[] }> {
  const published = t.table.checks.filter((check) => check.kind !== "own");
  const claims: ClaimCase[] = [];
  if (published.length > 0) {
    const corpus = await loadCorpus(CLAIMS);
    const cells = await measuredCells(t);
    for (const check of published) claims.push(...claimCases(t, corpus, cells, check));
  }
  const checks: CheckCase[] = [];
  for (const check of t.table.checks) {
    if (check.kind === "own") checks.push(...await ownCases(t, check));
  }
  return { claims: judgeClaims(claims), checks: judgeChecks(checks) };
}

type Published = Exclude<Check, { readonly kind: "own" }>;

function claimCases(
  t: Telling,
  corpus: Corpus,
  cells: readonly MeasuredCell[],
  check: Published,
): ClaimCase[] {
  if (check.kind === "cells") {
    // Published cells meet measured ones by name: what a measure is called there is the column here.
    const named = cells.flatMap((cell) => {
      const column = check.columns[cell.column];
      return column === undefined ? [] : [{ ...cell, column }];
    });
    return cellCases(corpus, { table: check.of, cells: named });
  }
  const statement = corpus.sources.flatMap((s) => s.statements).find(({ source, id }) =>
    `${source}:${id}` === check.of
  );
  if (!statement) {
    throw new AssayError(
      `Cannot judge "${check.of}" in ${t.table.id}: claims/ must hold a statement of that id; correct the table's sentence.`,
    );
  }
  const renamed = Object.entries(check.rows ?? {}).reduce<readonly MeasuredCell[]>(
    (all, [name, row]) =>
      all.filter((c) => c.row !== name).map((c) => c.row === row ? { ...c, row: name } : c),
    cells,
  );
  const measured: MeasuredTable = { table: t.table.id.replace("/", ":"), cells: renamed };
  const found = sentenceCases(statement, measured);
  const { suffix } = check;
  return suffix === undefined ? found : found.map(({ about, decide }) => ({
    about: { ...about, id: `${about.id}/${suffix}` },
    decide: { ...decide, id: `${about.id}/${suffix}` },
  }));
}

/** Probes and planned bytes of every row, with the conditions under which they came about. */
async function measuredCells(t: Telling): Promise<MeasuredCell[]> {
  const cells: MeasuredCell[] = [];
  for (const row of t.chosen.rows.filter((id) => isTrained(t.table.rows[id]!))) {
    for (const column of Object.keys(columnsOf(t.table))) {
      for (const [measure, kind] of Object.entries(t.table.measures)) {
        const conditions = kind.kind === "probe"
          ? probeConditions(t, row, column, measure)
          : kind.kind === "planned" || kind.kind === "head"
          ? {
            unit: "bytes",
            dataset: kind.part?.data ?? t.chosen.dataset,
            scale: kind.part ? "paper" as const : t.chosen.scale,
            protocol: {},
          }
          : undefined;
        if (!conditions) continue;
        const cell = await cellOf(t, row, measure, column);
        const name = column === "" ? measure : `${column}/${measure}`;
        const outcome = !cell || "text" in cell
          ? null
          : "value" in cell
          ? cell
          : { ...await outcomesOf(t, { row, measure, column }), testSetSize: testImages(t, measure, row) };
        if (outcome || kind.kind === "probe") cells.push({ row, column: name, ...conditions, outcome });
      }
    }
  }
  return cells;
}

/** How a probe was taken, in the words of the claims' protocols. */
function probeConditions(
  t: Telling,
  row: string,
  column: string,
  id: string,
): Omit<MeasuredCell, "row" | "column" | "outcome"> | undefined {
  const run = t.runs.find((r) => r.row === row && r.column === column);
  const only = { ...t.table, measures: { [id]: t.table.measures[id]! } };
  const probe = probeSchema.parse(probesOf(only, settingOf(t.table, t.chosen.scale))[0]);
  if (!run || (probe.kind !== "knn" && probe.kind !== "linear" && probe.kind !== "1-nn")) return undefined;
  const { spec } = run;
  return {
    unit: "percent",
    dataset: spec.data[probe.test]!.name,
    scale: t.chosen.scale,
    protocol: {
      encoder: spec.encoder.name,
      ...("epochs" in spec.stop && { epochs: spec.stop.epochs }),
      batch: spec.batch,
      probe: probe.kind,
      ...(probe.kind === "knn" && { k: probe.k, knn_temperature: probe.T, selection: "last" }),
      ...(probe.kind === "linear" && { mode: "offline", selection: probe.selection }),
    },
  };
}
