/** What a caller may choose of a table, and what it then is. */
import { failure } from "../../base/error.ts";
import type { Scale } from "../../base/scales.ts";
import { nearest } from "../../base/nearest.ts";
import type { Settings } from "../../record/recorded.ts";
import { type Chosen, isTrained, settingOf } from "./resolve.ts";
import type { Table } from "./vocabulary.ts";

/** What a caller may say; what is absent is the table's own. */
export interface Choice {
  readonly scale: Scale;
  readonly dataset: string | undefined;
  readonly rows?: readonly string[] | undefined;
  readonly methods: readonly string[] | undefined;
  readonly seeds: readonly number[] | undefined;
  readonly epochs?: number | undefined;
}

/** The settings of an invocation, with every default filled in. Errors: a row, method or length that the table has not. */
export function settingsFor(table: Table, context: Choice): Settings {
  const { scale, dataset, seeds, epochs } = context;
  const setting = settingOf(table, scale);
  if (epochs !== undefined && scale === "paper") {
    throw failure({
      operation: "train",
      object: `${table.id} at scale paper`,
      required: "its length is part of the published configuration",
      found: `--epochs ${epochs}`,
      wayOut: "leave --epochs out or choose another --scale",
    });
  }
  return {
    scale,
    dataset: dataset ?? setting.data,
    rows: rowsOf(table, context),
    seeds: [...seeds ?? setting.seeds],
    ...(epochs !== undefined && { epochs }),
  };
}

/** Ids of the rows that were asked for by id or by method; rows without training are always included. */
function rowsOf(table: Table, { rows, methods }: Choice): string[] {
  const trained = Object.entries(table.rows).flatMap(([id, row]) =>
    isTrained(row) ? [{ id, method: row.method }] : []
  );
  require("rows", rows, trained.map((row) => row.id));
  require("methods", methods, trained.map((row) => row.method));
  const wanted = trained.filter((row) =>
    (rows?.includes(row.id) ?? true) && (methods?.includes(row.method) ?? true)
  ).map((row) => row.id);
  return Object.keys(table.rows).filter((id) => !isTrained(table.rows[id]!) || wanted.includes(id));
}

function require(what: string, asked: readonly string[] | undefined, known: readonly string[]): void {
  if (!asked) return;
  const other = asked.find((name) => !known.includes(name));
  if (other === undefined && asked.length > 0) return;
  const guess = other === undefined ? undefined : nearest(other, known);
  throw failure({
    operation: "choose",
    object: `the ${what} of this table`,
    required: `each must be one of ${[...new Set(known)].join(", ")}`,
    found: other === undefined ? "none" : `"${other}"`,
    wayOut: guess === undefined ? `correct --${what}` : `did you mean "${guess}"; correct --${what}`,
  });
}

/** What settings choose of a table. Errors: rows that it has not (a result of another version of the table). */
export function chosenOf(table: Table, settings: Settings): Chosen {
  const { scale, dataset, rows, seeds, epochs } = settings;
  require("rows", rows, Object.keys(table.rows));
  return {
    scale,
    dataset: dataset ?? settingOf(table, scale).data,
    rows: Object.keys(table.rows).filter((id) => rows.includes(id)),
    seeds,
    ...(epochs !== undefined && { epochs }),
  };
}
