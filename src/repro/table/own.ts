/** A table's own questions as cases to decide: one row above another, equal numbers, one value in several rows. */
import type { Case } from "../../judge/judge_all.ts";
import { eventsOf } from "../../record/events.ts";
import type { Cell } from "../../report/result.ts";
import { cellOf, type Telling } from "./cells.ts";
import { nameOf } from "./grids.ts";
import type { At, Check, Comparison } from "./vocabulary.ts";

type Own = Extract<Check, { readonly kind: "own" }>;
type Kind<K extends Comparison["kind"]> = Extract<Comparison, { readonly kind: K }>;

/** The case of a question; undefined where a row that it needs was not chosen. Of several comparisons all must hold. */
export async function ownCase(t: Telling, { id, means }: Own): Promise<Case | undefined> {
  const kept = means.filter((one) => placesOf(one).every(({ row }) => t.chosen.rows.includes(row)));
  if (kept.length === 0) return undefined;
  const [first] = kept;
  if (first!.kind === "same") return await sameCase(t, id, first);
  if (means.length > 1) return await countCase(t, id, kept);
  return first!.kind === "above"
    ? await directionCase(t, id, first)
    : await equalCase(t, id, first as Kind<"equal">);
}

const placesOf = (one: Comparison): At[] =>
  one.kind === "above"
    ? [one.above, one.below]
    : one.kind === "same"
    ? [...one.cells]
    : [one.left, one.right].filter((side) => typeof side !== "number");

const cellAt = (t: Telling, { row, measure, column }: At): Promise<Cell | undefined> =>
  cellOf(t, row, measure, column ?? "");

async function directionCase(t: Telling, id: string, { above, below }: Kind<"above">): Promise<Case> {
  const conditions = { unit: "percent", dataset: t.chosen.dataset, protocol: {}, scale: t.chosen.scale };
  const [a, b] = [await armOf(t, above), await armOf(t, below)];
  return {
    id,
    kind: "direction",
    input: {
      claim: { ...conditions, relation: { kind: "above", by: 0 } },
      measured: a && b ? { ...conditions, a, b, testSetSize: testImages(t) } : null,
    },
  };
}

/** A row's outcomes with their seeds. */
async function armOf(
  t: Telling,
  at: At,
): Promise<{ name: string; seeds: number[]; values: readonly number[] } | undefined> {
  const cell = await cellAt(t, at);
  if (!cell || !("values" in cell)) return undefined;
  const trained = t.runs.some((run) => run.row === at.row);
  const seeds = t.runs.filter((run) => run.recorded && (run.row === at.row || !trained)).map((run) =>
    run.seed
  );
  return { name: nameOf(t.table, at.row), seeds: [...new Set(seeds)], values: cell.values };
}

function testImages(t: Telling): number | null {
  const run = t.runs.find((r) => r.recorded)?.recorded;
  return run ? eventsOf(run.events, "run-start")[0]?.data.test?.images ?? null : null;
}

async function numberAt(t: Telling, side: At | number): Promise<number | undefined> {
  if (typeof side === "number") return side;
  const cell = await cellAt(t, side);
  return cell && "value" in cell ? cell.value : undefined;
}

async function equalCase(t: Telling, id: string, { left, right }: Kind<"equal">): Promise<Case> {
  return exact(t, id, "bytes", await numberAt(t, right), await numberAt(t, left));
}

async function sameCase(t: Telling, id: string, { cells }: Kind<"same">): Promise<Case> {
  const found = [];
  for (const at of cells) found.push(await cellAt(t, at));
  const there = found.filter((cell) => cell !== undefined);
  const values = new Set(there.map((cell) => JSON.stringify(cell)));
  return exact(t, id, "different values", 1, there.length < 2 ? undefined : values.size);
}

/** How many of several equalities hold. */
async function countCase(t: Telling, id: string, means: readonly Comparison[]): Promise<Case> {
  let held = 0, made = 0;
  for (const one of means) {
    if (one.kind !== "equal") continue;
    const [left, right] = [await numberAt(t, one.left), await numberAt(t, one.right)];
    if (left === undefined || right === undefined) continue;
    made++;
    if (left === right) held++;
  }
  return exact(t, id, "rows", made, made === 0 ? undefined : held);
}

function exact(
  t: Telling,
  id: string,
  unit: string,
  value: number | undefined,
  numerator: number | undefined,
): Case {
  const conditions = { unit, dataset: t.chosen.dataset, protocol: {}, scale: t.chosen.scale };
  return {
    id,
    kind: "exact",
    input: {
      claim: { ...conditions, relation: "equal", value: value ?? 0 },
      measured: numerator === undefined || value === undefined ? null : { ...conditions, numerator },
    },
  };
}
