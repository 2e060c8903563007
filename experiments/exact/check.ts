/**
 * Checks of exact statements: an error, the bound it must keep, and cases known to be wrong that the same bound must
 * reject. A bound that lets one of those through decides nothing.
 */
import { AssayError } from "../../src/base/error.ts";
import type { CheckResult, Outcome } from "../../src/judge/outcome.ts";
import type { Experiment } from "../../src/repro/experiment.ts";
import { type Grid, RESULT_FORMAT } from "../../src/report/result.ts";
import { sideGrid, type SideTable } from "./side_table.ts";

/** `at-most`: error <= tolerance. `above`: error > tolerance, for statements that two things differ. */
export type Relation = "at-most" | "above";

/** A wrong variant, measured like the right one. */
export interface Control {
  readonly what: string;
  readonly error: number;
}

/** One measured statement. Checks that share an id are parts of one question. */
export interface Check {
  /** Such as `X1`. */
  readonly id: string;
  /** What was computed two ways, or against what. */
  readonly what: string;
  readonly error: number;
  readonly relation?: Relation;
  readonly tolerance: number;
  /** At least one case for which the bound must not hold. */
  readonly controls: readonly [Control, ...Control[]];
}

/** Whether an error keeps a bound; an error that is not a number keeps none. */
export function holds(error: number, relation: Relation, tolerance: number): boolean {
  return relation === "at-most" ? error <= tolerance : error > tolerance;
}

/** The outcome of a check, and its comparison with numbers. */
export function judgeCheck(check: Check): Pick<CheckResult, "outcome" | "inequality"> {
  const { error, relation = "at-most", tolerance, controls } = check;
  const kept = holds(error, relation, tolerance);
  const passed = controls.filter((c) => !Number.isFinite(c.error) || holds(c.error, relation, tolerance));
  const sign = Number.isNaN(error) ? "against" : (relation === "at-most") === kept ? "<=" : ">";
  const inequality = `${short(error)} ${sign} ${short(tolerance)}`;
  if (!kept) return { outcome: "fails", inequality };
  if (passed.length > 0) {
    return {
      outcome: "undecided",
      inequality: `${inequality}, but so does the control "${passed[0]!.what}": ${short(passed[0]!.error)}`,
    };
  }
  return { outcome: "holds", inequality };
}

/** What an experiment of exact checks measured. */
export interface Measured {
  readonly checks: readonly Check[];
  /** Numbers that are reported and not judged. */
  readonly tables?: readonly SideTable[];
  readonly notes?: readonly string[];
}

export interface ExactExperiment extends Pick<Experiment, "id" | "title" | "summary"> {
  /** What each id states, in words that name the sentence of claims/ they are about, if there is one. */
  readonly statements: Readonly<Record<string, string>>;
  readonly measure: () => Measured | Promise<Measured>;
}

/** An experiment that computes on the host alone: a row per check and one per control, an outcome per id. */
export function exactExperiment({ statements, measure, ...about }: ExactExperiment): Experiment {
  return {
    ...about,
    needsAdapter: false,
    takes: [],
    run: async ({ scale }) => {
      const { checks, tables = [], notes = [] } = await measure();
      return {
        format: RESULT_FORMAT,
        table: about.id,
        title: about.title,
        scale,
        headline: [],
        grids: [gridOf(checks), ...tables.map(sideGrid)],
        claims: [],
        checks: judgeChecks(statements, checks),
        protocol: [HOW],
        notes,
        plots: [],
      };
    },
  };
}

const HOW =
  "Computed on the host in double precision, the same at every scale. Each check is repeated on cases known to " +
  "be wrong, which its bound must reject; a bound that lets one through decides nothing.";

/** An answer per statement: it holds when all its checks do, else it has the worst of their outcomes. */
export function judgeChecks(
  statements: ExactExperiment["statements"],
  checks: readonly Check[],
): CheckResult[] {
  const stray = checks.find((c) => !Object.hasOwn(statements, c.id));
  if (stray) throw new AssayError(`Cannot judge check "${stray.id}": no statement says what it claims.`);
  return Object.entries(statements).map(([id, question]) => {
    const judged = checks.filter((c) => c.id === id).map((c) => ({ what: c.what, ...judgeCheck(c) }));
    const found = judged.map((j) => j.outcome);
    return {
      id,
      question,
      outcome: WORST_FIRST.find((outcome) => found.includes(outcome)) ?? "not-run",
      inequality: judged.map((j) => `${j.what}: ${j.inequality}`).join("; "),
    };
  });
}

const WORST_FIRST = ["fails", "undecided", "holds"] as const satisfies readonly Outcome[];

/** A row per check, then one per control. */
function gridOf(checks: readonly Check[]): Grid {
  const columns = ["what", "error", "bound", "nearest control", "outcome"]
    .map((id) => ({ id, heading: id, unit: "text" } as const));
  const row = (name: string, ...texts: (string | undefined)[]) => ({
    name,
    cells: Object.fromEntries(
      columns.flatMap(({ id }, i) => texts[i] === undefined ? [] : [[id, { text: texts[i] }]]),
    ),
  });
  return {
    title: "Checks and their controls",
    names: "check",
    columns,
    rows: checks.flatMap((check) => {
      const { id, what, error, relation = "at-most", tolerance, controls } = check;
      const bound = `${relation === "at-most" ? "<=" : ">"} ${short(tolerance)}`;
      // The control nearest to being let through.
      const nearest = controls.map((c) => c.error).reduce((a, b) =>
        (relation === "at-most") === (a < b) ? a : b
      );
      return [
        row(id, what, short(error), bound, short(nearest), judgeCheck(check).outcome),
        ...controls.map((c) => {
          const rejected = Number.isFinite(c.error) && !holds(c.error, relation, tolerance);
          return row(
            `${id} control`,
            c.what,
            short(c.error),
            bound,
            undefined,
            rejected ? "rejected" : "NOT REJECTED",
          );
        }),
      ];
    }),
  };
}

/** Texts, because a column of errors spans twenty orders of magnitude and a fixed number of decimals shows none of them. */
function short(x: number): string {
  return x !== 0 && (Math.abs(x) < 1e-3 || Math.abs(x) >= 1e6)
    ? x.toExponential(1)
    : String(+x.toPrecision(4));
}
