/**
 * Published words over measured cells. A statement of claims/ is judged by its own assertion: the one that published
 * cells must satisfy, or `measured` where no number was published. Patterns reach measured cells as they reach published
 * ones, by `table/row/column`.
 */
import type { Statement } from "../claims/claim.ts";
import { type MeasuredForm, measuredForms } from "../claims/assertions.ts";
import { matcher } from "../claims/corpus.ts";
import type { DirectionRelation } from "./direction.ts";
import type { ExactClaim } from "./exact.ts";
import type { Case } from "./judge_all.ts";
import {
  cellId,
  type ClaimCase,
  comparedUnit,
  type MeasuredCell,
  type MeasuredTable,
  moreIsBetter,
} from "./measured.ts";
import { ACCURACY_MARGIN } from "./published_cell.ts";

/** Forms that measured cells can satisfy. */
type Asserts = Extract<Statement["asserts"], { form: MeasuredForm }>;
type Of<F extends MeasuredForm> = Extract<Asserts, { form: F }>;

/** What an assertion demands of one or two cells. */
interface Demand {
  /** The cell that the words are about, and the one that it is compared with. */
  readonly of: MeasuredCell;
  readonly over?: MeasuredCell;
  /** The sides of the comparison. */
  readonly a: MeasuredCell;
  readonly b?: MeasuredCell;
  /** Of a count without noise, as a quotient where there are two: a / b, or a alone. */
  readonly exact: Pick<ExactClaim, "relation" | "value" | "halfStep">;
  /** Of outcomes over seeds: which arm is larger and by how much, or a number that difference or quotient must equal. */
  readonly seeds: DirectionRelation | {
    readonly kind: "about";
    readonly value: number;
    readonly margin: number;
  };
  /** Whether numbers of two cells are taken as a - b and not as a / b. */
  readonly difference?: boolean;
}

/**
 * The comparisons that a statement makes of measured cells; none where its form says nothing of measured cells or no
 * cell has the names that it asks for. Several have ids of their own behind a slash.
 */
export function sentenceCases(statement: Statement, measured: MeasuredTable): ClaimCase[] {
  const asserts = statement.measured ?? statement.asserts;
  if (!isMeasurable(asserts)) return [];
  const found = demandsOf(asserts, (patterns) => {
    const fits = matcher(statement.source, patterns);
    return measured.cells.filter((cell) => fits(cellId(measured, cell)));
  });
  const reading = "reading" in asserts && asserts.reading !== undefined
    ? `; read as: ${asserts.reading}`
    : "";
  return found.map((demand): ClaimCase => {
    const id = `${statement.source}:${statement.id}`;
    const own = found.length === 1 ? id : `${id}/${nameOf(demand, found)}`;
    return {
      decide: caseOf(own, demand),
      about: {
        id: own,
        statement: `${statement.quote.replace(/\.$/, "")} (${wordsOf(demand)}${reading})`,
        source: { paper: `${statement.reference.where} at ${statement.reference.revision}` },
        paraphrase: statement.paraphrase,
      },
    };
  });
}

/** What tells one comparison of a sentence from the others: the other row, and the column where there are several. */
function nameOf(demand: Demand, all: readonly Demand[]): string {
  const others = new Set(all.map(({ over }) => over?.row)).size > 1;
  const columns = new Set(all.map(({ of }) => of.column)).size > 1;
  const { row } = others ? demand.over! : demand.of;
  return columns ? `${row}/${demand.of.column}` : row;
}

function wordsOf({ of, over }: Demand): string {
  if (over === undefined) return `${of.row}, ${of.column}`;
  return of.column === over.column
    ? `${of.row} against ${over.row}, ${of.column}`
    : `${of.row}, ${of.column} against ${over.row}, ${over.column}`;
}

function isMeasurable(form: Statement["asserts"]): form is Asserts {
  return (measuredForms as readonly string[]).includes(form.form);
}

type Select = (patterns: readonly string[]) => readonly MeasuredCell[];

function demandsOf(asserts: Asserts, select: Select): Demand[] {
  switch (asserts.form) {
    case "best":
      return bestOf(asserts, select);
    case "change":
      return select(asserts.from).flatMap((from) =>
        select(asserts.to).filter((to) => to.row === from.row).map((to): Demand => ({
          of: to,
          over: from,
          ...above(asserts.direction === "up" ? to : from, asserts.direction === "up" ? from : to),
        }))
      );
    case "within":
      return select(asserts.cells).map((a) => within(asserts, a));
    case "difference":
    case "ratio":
    case "relative-change":
      return pairs(select(asserts.of), select(asserts.over)).map(([a, b]) => stated(asserts, a, b));
  }
}

/** a larger than b, by no stated amount. */
function above(a: MeasuredCell, b: MeasuredCell): Pick<Demand, "a" | "b" | "exact" | "seeds"> {
  return { a, b, exact: { relation: "at-least", value: 1 }, seeds: { kind: "above", by: 0 } };
}

function bestOf(asserts: Of<"best">, select: Select): Demand[] {
  const winners = select(asserts.winners);
  const excluded = asserts.except === undefined ? [] : select(asserts.except);
  const rivals = select(asserts.among).filter((c) => !winners.includes(c) && !excluded.includes(c));
  return winners.flatMap((winner) =>
    rivals.filter((rival) => rival.column === winner.column).map((rival) => ({
      of: winner,
      over: rival,
      ...(moreIsBetter(winner.unit) ? above(winner, rival) : above(rival, winner)),
    }))
  );
}

function within({ low, high }: Of<"within">, a: MeasuredCell): Demand {
  const value = (low + high) / 2, reach = (high - low) / 2;
  return {
    of: a,
    a,
    exact: { relation: "equal", value, halfStep: reach },
    seeds: { kind: "about", value, margin: reach },
  };
}

function stated(
  asserts: Of<"difference" | "ratio" | "relative-change">,
  a: MeasuredCell,
  b: MeasuredCell,
): Demand {
  const relation = asserts.bound === "about" ? "equal" : asserts.bound;
  const halfStep = 0.5 * 10 ** -asserts.decimals;
  const sides = { of: a, over: b, a, b };
  if (asserts.form === "difference") {
    return {
      ...sides,
      difference: true,
      exact: { relation, value: asserts.stated, halfStep },
      seeds: relation === "equal"
        ? { kind: "about", value: asserts.stated, margin: halfStep + ACCURACY_MARGIN.value }
        : relation === "at-least"
        ? { kind: "above", by: asserts.stated }
        : { kind: "below", by: -asserts.stated },
    };
  }
  const value = asserts.form === "ratio" ? asserts.stated : 1 + asserts.stated / 100;
  const half = asserts.form === "ratio" ? halfStep : halfStep / 100;
  return {
    ...sides,
    exact: { relation, value, halfStep: half },
    seeds: relation === "at-least"
      ? { kind: "ratio-at-most", ratio: 1 / value }
      : relation === "at-most"
      ? { kind: "ratio-at-most", ratio: value }
      : { kind: "about", value, margin: half },
  };
}

/** Cells in pairs of one column; one cell on a side serves every cell of the other. */
function pairs(
  of: readonly MeasuredCell[],
  over: readonly MeasuredCell[],
): (readonly [MeasuredCell, MeasuredCell])[] {
  const columns = [...new Set(of.map((c) => c.column))];
  const alone = of.length === 1 || over.length === 1;
  const groups = alone
    ? [[of, over] as const]
    : columns.map((column) =>
      [of.filter((c) => c.column === column), over.filter((c) => c.column === column)] as const
    );
  return groups.flatMap(([left, right]) => {
    if (left.length === 0 || right.length === 0) return [];
    const n = Math.max(left.length, right.length);
    return Array.from(
      { length: n },
      (_, i) => [left[Math.min(i, left.length - 1)]!, right[Math.min(i, right.length - 1)]!] as const,
    );
  });
}

/** A demand as a question to the judge, in the cells' own conditions at full scale. */
function caseOf(id: string, demand: Demand): Case {
  const { a, b, exact, seeds } = demand;
  const [unit, factor] = comparedUnit(a.unit);
  const [other, otherFactor] = comparedUnit(b?.unit ?? a.unit);
  const { dataset, scale, protocol } = a;
  // The words name no protocol; the two sides must agree in theirs.
  const claim = { unit, dataset: b?.dataset ?? dataset, scale: "paper", protocol: {} } as const;
  const conditions = { unit: other === unit ? unit : other, dataset, scale, protocol };
  const missing = a.outcome === null || b?.outcome === null;
  const first = a.outcome, second = b?.outcome;
  if (missing || first === null || second === null) {
    return { id, kind: "exact", input: { claim: { ...claim, ...exact }, measured: null } };
  }
  if ("value" in first) {
    const count = second !== undefined && "value" in second ? otherFactor * second.value : undefined;
    const own = factor * first.value;
    return {
      id,
      kind: "exact",
      input: {
        claim: { ...claim, ...exact },
        measured: {
          ...conditions,
          ...(demand.difference
            ? { numerator: own - (count ?? NaN) }
            : { numerator: own, ...(b !== undefined && { denominator: count ?? NaN }) }),
        },
      },
    };
  }
  const arm = (cell: MeasuredCell, by: number) => {
    const outcome = cell.outcome !== null && !("value" in cell.outcome) ? cell.outcome : undefined;
    return {
      name: cell.row,
      seeds: outcome?.seeds ?? [],
      values: (outcome?.values ?? []).map((v) => by * v),
    };
  };
  const { testSetSize } = first;
  if (seeds.kind === "about" || b === undefined) {
    const { value, margin } = seeds.kind === "about" ? seeds : { value: NaN, margin: NaN }; // a pair always
    const [left, right] = [arm(a, factor), b && arm(b, otherFactor)];
    const values = right === undefined ? left.values : left.values.flatMap((v, i) => {
      const at = right.seeds.map(String).indexOf(String(left.seeds[i]));
      if (at < 0) return [];
      return [demand.difference ? v - right.values[at]! : v / right.values[at]!];
    });
    return {
      id,
      kind: "value",
      input: {
        claim: { ...claim, value, halfStep: 0, n: null },
        measured: { ...conditions, values, testSetSize },
        margin: { value: margin, source: "the stated range" },
      },
    };
  }
  const [left, right] = seeds.kind === "ratio-at-most" && exact.relation === "at-least"
    ? [arm(b, otherFactor), arm(a, factor)]
    : [arm(a, factor), arm(b, otherFactor)];
  return {
    id,
    kind: "direction",
    input: {
      claim: { ...claim, relation: seeds },
      measured: { ...conditions, a: left, b: right, testSetSize },
    },
  };
}
