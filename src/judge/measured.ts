/** What a table measured or planned, by the names that claims use, so that published numbers and words can be compared with it. */
import type { Claim } from "../claims/claim.ts";
import type { Case } from "./judge_all.ts";
import type { Conditions } from "./judgement.ts";
import type { ClaimResult } from "./outcome.ts";

/** A published sentence or cell and what decides it. */
export interface ClaimCase {
  readonly about: Pick<ClaimResult, "id" | "statement" | "source" | "paraphrase">;
  readonly decide: Case;
}

/** Outcomes of runs, one a seed. */
export interface SeedOutcomes {
  readonly values: readonly number[];
  /** The seed of each value, in the same order: shared seeds are paired. */
  readonly seeds: readonly (number | string)[];
  /** Items that a share is of; null where the quantity is none. */
  readonly testSetSize: number | null;
}

/** A number without noise, such as planned bytes. */
export interface ExactOutcome {
  readonly value: number;
}

/** One cell of a table of measurements. Its conditions say how it came about; a plan at the published size has scale `paper`. */
export interface MeasuredCell extends Conditions {
  readonly row: string;
  readonly column: string;
  /** `null` where the cell was not run. */
  readonly outcome: SeedOutcomes | ExactOutcome | null;
}

/** Cells under the id that the claims give their table, such as `sdiet:table6` or `solo-learn:cifar`. */
export interface MeasuredTable {
  readonly table: string;
  readonly cells: readonly MeasuredCell[];
}

/** The id under which patterns of claims reach a measured cell: `source:table/row/column`. */
export const cellId = ({ table }: MeasuredTable, { row, column }: MeasuredCell): string =>
  `${table}/${row}/${column}`;

/** What one of a unit is in the unit that is compared. */
const COMPARED: Readonly<Record<string, readonly [unit: string, factor: number]>> = {
  fraction: ["percent", 100],
  gigabytes: ["bytes", 1e9],
  megabytes: ["bytes", 1e6],
  hours: ["minutes", 60],
};

/** A unit as it is compared, and the factor to it: fractions as percent, gigabytes (1e9) as bytes. */
export function comparedUnit(unit: string): readonly [unit: string, factor: number] {
  return COMPARED[unit] ?? [unit, 1];
}

/** Whether more of a unit is better: of accuracy it is, of bytes and time it is not. */
export function moreIsBetter(unit: string): boolean {
  return !["bytes", "gigabytes", "megabytes", "minutes", "hours", "seconds", "ms"].includes(unit);
}

/** A claim's protocol without what its source does not state. */
export function statedProtocol({ protocol }: Claim): Conditions["protocol"] {
  return Object.fromEntries(Object.entries(protocol).filter(([, value]) => value !== undefined));
}
