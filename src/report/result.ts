/** What a table found, and its parts. */
import type { Role } from "../base/roles.ts";
import type { Scale } from "../base/scales.ts";
import type { ClaimResult } from "../judge/judgement.ts";
import type { Settings } from "../record/recorded.ts";

/** One line of a table. Absent fields do not apply to the table. */
export interface Row {
  readonly method: string;
  readonly planned?: { readonly peakBytes: number; readonly roles: Readonly<Record<Role, number>> };
  readonly measured?: { readonly peakBytes: number; readonly plannedBytes: number; readonly stepMs: number };
  /** One value per seed, in percent. */
  readonly accuracy?: { readonly knn?: readonly number[]; readonly linear?: readonly number[] };
  /** Further columns by heading. */
  readonly values?: Readonly<Record<string, number | string>>;
}

/** A table beside the main one. Cells are texts as printed. */
export interface SideTable {
  readonly title: string;
  readonly note?: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Plot {
  readonly name: string;
  readonly caption: string;
  /** A Vega-Lite specification with its data inside. */
  readonly spec: Readonly<Record<string, unknown>>;
}

/** What an experiment found. The JSON of `repro --json` is this less `plots`. */
export interface TableResult {
  /** The experiment's id, `<paper>/<table>`. */
  readonly table: string;
  readonly title: string;
  readonly scale: Scale;
  /** Present where the table can be told again from its runs. */
  readonly settings?: Settings;
  readonly dataset?: string;
  readonly adapter?: string;
  readonly rows: readonly Row[];
  /** Order of the rows' further columns; those not named follow by name. */
  readonly columns?: readonly string[];
  readonly claims: readonly ClaimResult[];
  /** Sentences a reader needs to judge the table: protocol, reductions of scale, what was not run. */
  readonly notes: readonly string[];
  /** Further tables. Times do not belong here: they stay in fields of TIME_FIELDS, outside every digest. */
  readonly tables?: readonly SideTable[];
  readonly plots: readonly Plot[];
}
