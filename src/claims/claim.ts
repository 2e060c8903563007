/** One published number with everything needed to judge it. */
import type { Location } from "./positions.ts";
import type { certainties, Protocol, SourceFile, spreadKinds, units } from "./schema.ts";
import type { Assertion } from "./assertions.ts";

export type Unit = typeof units[number];
export type SpreadKind = typeof spreadKinds[number];
export type Certainty = typeof certainties[number];

/** A number as printed: `63.0` has value 63 and one decimal. */
export interface Printed {
  readonly value: number;
  readonly decimals: number;
}

export interface Dataset {
  readonly id: string;
  readonly title: string;
  /** Images in the test and training split and number of classes; absent when no source we read states them. */
  readonly test?: number | undefined;
  readonly train?: number | undefined;
  readonly classes?: number | undefined;
}

export interface Reference {
  readonly id: string;
  readonly where: string;
  readonly revision: string;
  readonly certainty: Certainty;
  readonly gone?: string | undefined;
  readonly at: Location;
}

export interface Claim extends Printed {
  /** `source:table/row/column` */
  readonly id: string;
  readonly source: string;
  readonly table: string;
  readonly row: string;
  readonly column: string;
  readonly quote: string;
  readonly metric: string;
  readonly unit: Unit;
  /** Number of runs; null when the source does not state it. */
  readonly n: number | null;
  readonly spread?: (Printed & { readonly kind: SpreadKind }) | undefined;
  readonly runs: readonly Printed[];
  readonly protocol: Protocol;
  readonly method: string;
  readonly role: "proposed" | "baseline" | "reported";
  readonly bound: "exact" | "at-least" | "at-most" | "about";
  /** Half width of what a reader of a plot could have misread, in the claim's unit. */
  readonly readingError?: number | undefined;
  readonly dataset?: Dataset | undefined;
  readonly reference: Reference;
  readonly at: Location;
}

/** A row of a table with what is published beside its numbers. */
export interface Artifact {
  readonly source: string;
  readonly table: string;
  readonly row: string;
  readonly method: string;
  readonly name?: string | undefined;
  readonly config?: string | undefined;
  readonly weights?: string | undefined;
  readonly probe_weights?: string | undefined;
  readonly steps?: number | undefined;
  readonly listed?: Protocol | undefined;
  readonly protocol: Protocol;
  readonly dataset?: Dataset | undefined;
  readonly reference: Reference;
  readonly at: Location;
}

export interface Statement {
  readonly id: string;
  readonly source: string;
  readonly quote: string;
  readonly paraphrase: boolean;
  readonly asserts: Assertion;
  /** What measured cells must satisfy, where no published cell can be asked. */
  readonly measured?: Assertion | undefined;
  readonly reference: Reference;
  readonly at: Location;
}

export interface Table {
  readonly id: string;
  readonly source: string;
  readonly title: string;
  readonly ranking: boolean;
  readonly unranked: readonly string[];
  readonly blocks?: readonly string[] | undefined;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly at: Location;
}

export type Doubt = SourceFile["doubts"][number];

/** One source with its claims expanded. */
export interface Source {
  readonly id: string;
  readonly title: string;
  readonly kind: "paper" | "library";
  readonly file: string;
  readonly references: readonly Reference[];
  readonly epochJitter?: number | undefined;
  readonly tables: readonly Table[];
  readonly claims: readonly Claim[];
  readonly artifacts: readonly Artifact[];
  readonly statements: readonly Statement[];
  readonly doubts: readonly Doubt[];
}

/** Half of the last printed place: the published number stands for every value within this distance. */
export function halfUnit(p: Printed): number {
  return 0.5 * 10 ** -p.decimals;
}

/** A printed number with its own decimals. */
export function show(p: Printed): string {
  return p.value.toFixed(p.decimals);
}

/** Decimals of a number as written; exponents count as written out. */
export function decimalsOf(text: string): number {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  return Math.max(0, (mantissa.split(".")[1] ?? "").length - Number(exponent));
}

/** Short name in messages: `source:table/row/column = 71.6`. */
export function label(c: Claim): string {
  return `${c.id} = ${show(c)}`;
}
