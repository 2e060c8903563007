/** A table's own questions as cases to decide: one row above another, equal numbers, one value in several rows. */
import type { Case } from "../../judge/judge_all.ts";
import type { CheckCase } from "../../judge/judge_claims.ts";
import type { Cell } from "../../report/result.ts";
import { cellOf, columnOf, outcomesOf, type Telling, testImages } from "./cells.ts";
import { nameOf } from "./grids.ts";
import { placesIn } from "./sound.ts";
import type { At, Check, Comparison } from "./vocabulary.ts";

type Own = Extract<Check, { readonly kind: "own" }>;
type Kind<K extends Comparison["kind"]> = Extract<Comparison, { readonly kind: K }>;

/** One comparison in one column. */
interface Line {
  readonly one: Comparison;
  /** What tells it from the others of its question. */
  readonly parts: readonly string[];
  readonly words: string;
}

/**
 * The cases of a question; none where a row that it needs was not chosen. Several orderings are a line each, several
 * equalities are counted. A comparison that names no column of a table with columns is made in each.
 */
export async function ownCases(t: Telling, { id, question, means }: Own): Promise<CheckCase[]> {
  const kept = means.flatMap((one) => inColumns(t, one))
    .filter((one) => placesIn(one).every(({ row }) => t.chosen.rows.includes(row)));
  const equal = kept.filter((one) => one.kind === "equal");
  const lines = kept.filter((one) => one.kind !== "equal").map((one) => lineOf(t, one));
  const cases: CheckCase[] = [];
  if (equal.length > 0) {
    const decide = means.length > 1 || equal.length > 1
      ? await countCase(t, id, equal)
      : await equalCase(t, id, equal[0]!);
    cases.push({ about: { id, question }, decide });
  }
  for (const { one, parts, words } of lines) {
    const own = parts.filter((_, i) => lines.some((other) => other.parts[i] !== parts[i]));
    const about = own.length === 0
      ? { id, question }
      : { id: `${id}/${own.join("/")}`, question: `${question} (${words})` };
    const decide = one.kind === "above"
      ? await directionCase(t, about.id, one)
      : await sameCase(t, about.id, one as Kind<"same">);
    cases.push({ about, decide });
  }
  return cases;
}

function inColumns({ table }: Telling, one: Comparison): Comparison[] {
  if (!table.columns || placesIn(one).some(({ column }) => column !== undefined)) return [one];
  return Object.keys(table.columns).map((column) => {
    const at = (place: At): At => ({ ...place, column });
    switch (one.kind) {
      case "above":
        return { ...one, above: at(one.above), below: at(one.below) };
      case "equal":
        return {
          ...one,
          left: at(one.left),
          right: typeof one.right === "number" ? one.right : at(one.right),
        };
      case "same":
        return { ...one, cells: one.cells.map(at) };
    }
  });
}

function lineOf(t: Telling, one: Comparison): Line {
  const places = placesIn(one);
  const [{ measure, column = "" }] = places as [At];
  const rows = places.map(({ row }) => row);
  const names = rows.map((row) => nameOf(t.table, row)).join(one.kind === "above" ? " above " : ", ");
  return {
    one,
    parts: [...rows, measure, column],
    words: [names, columnOf(t.table, measure).heading, column].filter((part) => part !== "").join(", "),
  };
}

const cellAt = (t: Telling, { row, measure, column }: At): Promise<Cell | undefined> =>
  cellOf(t, row, measure, column ?? "");

async function directionCase(t: Telling, id: string, { above, below }: Kind<"above">): Promise<Case> {
  const { unit } = columnOf(t.table, above.measure);
  const conditions = {
    // Gains are points of the same percentages.
    unit: unit === "points" ? "percent" : unit,
    dataset: t.chosen.dataset,
    protocol: {},
    scale: t.chosen.scale,
  };
  const arm = async (at: At) => ({ name: nameOf(t.table, at.row), ...await outcomesOf(t, at) });
  const [a, b] = [await arm(above), await arm(below)];
  const ran = a.values.length > 0 && b.values.length > 0;
  const testSetSize = conditions.unit === "percent" ? testImages(t, above.measure, above.row) : null;
  return {
    id,
    kind: "direction",
    input: {
      claim: { ...conditions, relation: { kind: "above", by: 0 } },
      measured: ran ? { ...conditions, a, b, testSetSize } : null,
    },
  };
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
async function countCase(t: Telling, id: string, means: readonly Kind<"equal">[]): Promise<Case> {
  let held = 0, made = 0;
  for (const one of means) {
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
