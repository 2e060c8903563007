/** What a table asks of its cells: published cells and sentences to meet, and questions of one's own. */

/** A place in a table: a row and a measure, and a column where there are several. */
export interface At {
  readonly row: string;
  readonly measure: string;
  readonly column?: string;
}

/** A comparison of measured cells: one above another (paired by seed), equal numbers, or a number to a stated value. */
export type Comparison =
  | { readonly kind: "above"; readonly above: At; readonly below: At }
  | { readonly kind: "equal"; readonly left: At; readonly right: At | number }
  | { readonly kind: "same"; readonly cells: readonly At[] };

/** One row above others under a measure. */
export const beats = (
  above: string,
  below: string | readonly string[],
  measure: string,
  column?: string,
): Comparison[] =>
  [below].flat().map((row) => ({
    kind: "above",
    above: { row: above, measure, ...(column !== undefined && { column }) },
    below: { row, measure, ...(column !== undefined && { column }) },
  }));
/** A row has a number under a measure, or the number of another measure. */
export const equal = (row: string, measure: string, to: number | string): Comparison => ({
  kind: "equal",
  left: { row, measure },
  right: typeof to === "number" ? to : { row, measure: to },
});
/** The rows have one value of a measure. */
export const same = (rows: readonly string[], measure: string): Comparison => ({
  kind: "same",
  cells: rows.map((row) => ({ row, measure })),
});

export type Check =
  /** Published cells of a table in claims/ whose row is a row here, and whose column a measure. */
  | { readonly kind: "cells"; readonly of: string; readonly columns: Readonly<Record<string, string>> }
  /** A published sentence, judged by its assertion in claims/; `rows` maps names of the assertion to rows. */
  | {
    readonly kind: "sentence";
    readonly of: string;
    readonly rows?: Readonly<Record<string, string>>;
    readonly suffix?: string;
  }
  /** This project's own question. */
  | {
    readonly kind: "own";
    readonly id: string;
    readonly question: string;
    readonly means: readonly Comparison[];
  };
/** Published cells of a table in claims/, by the columns that measures are called there. */
export const cells = (of: string, columns: Readonly<Record<string, string>>): Check => ({
  kind: "cells",
  of,
  columns,
});
/** A published sentence, judged by its assertion in claims/; `rows` says which row stands for a name of it. */
export const sentence = (of: string, rows?: Readonly<Record<string, string>>, suffix?: string): Check => ({
  kind: "sentence",
  of,
  ...(rows && { rows }),
  ...(suffix !== undefined && { suffix }),
});
/** An own question, not a published claim: it holds, fails or is undecided. */
export const own = (id: string, question: string, means: Comparison | readonly Comparison[]): Check => ({
  kind: "own",
  id,
  question,
  means: [means].flat() as Comparison[],
});

/** Whether a row gained anything over its own untrained encoder, which the table has as the row `untrained`. */
export const learns = (row: string, measure: string): Check =>
  own(
    `beats-untrained/${row}`,
    `${row} is above its own untrained encoder`,
    beats(row, "untrained", measure),
  );
/** Whether every row allocated what was planned, under the usual ids. */
export const planKept = (rows: readonly string[]): Check =>
  own(
    "plan-equals-allocation",
    "Allocated bytes equal the planned ones to the byte",
    rows.map((row) => equal(row, "measured", "plannedHere")),
  );
