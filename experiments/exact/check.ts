/**
 * Checks of exact statements: an error, the bound it must keep, and cases known to be wrong that the same bound must
 * reject. A bound that lets one of those through decides nothing.
 */
import { AssayError } from "../../src/base/error.ts";
import type { Experiment } from "../../src/repro/experiment.ts";
import type { ClaimResult } from "../../src/judge/judgement.ts";
import type { Row, SideTable } from "../../src/report/result.ts";

/** `at-most`: error <= tolerance. `above`: error > tolerance, for statements that two things differ. */
export type Relation = "at-most" | "above";

/** A wrong variant, measured like the right one. */
export interface Control {
  readonly what: string;
  readonly error: number;
}

/** One measured statement. Checks that share an id are parts of one claim. */
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

/** The verdict of a check, and its comparison with numbers. */
export function judgeCheck(check: Check): Pick<ClaimResult, "verdict" | "inequality"> {
  const { error, relation = "at-most", tolerance, controls } = check;
  const kept = holds(error, relation, tolerance);
  const passed = controls.filter((c) => !Number.isFinite(c.error) || holds(c.error, relation, tolerance));
  const sign = Number.isNaN(error) ? "against" : (relation === "at-most") === kept ? "<=" : ">";
  const inequality = `${short(error)} ${sign} ${short(tolerance)}`;
  if (!kept) return { verdict: relation === "at-most" ? "EXCEEDS" : "BELOW", inequality };
  if (passed.length > 0) {
    return {
      verdict: "INCONCLUSIVE",
      inequality: `${inequality}, but so does the control "${passed[0]!.what}": ${short(passed[0]!.error)}`,
    };
  }
  return { verdict: "REPRODUCED", inequality };
}

/** What an experiment of exact checks measured. */
export interface Measured {
  readonly checks: readonly Check[];
  /** Numbers that are reported and not judged. */
  readonly tables?: readonly SideTable[];
  readonly notes?: readonly string[];
}

export interface ExactExperiment extends Pick<Experiment, "id" | "title" | "summary"> {
  /** What each id claims, in words, with its source. */
  readonly statements: Readonly<Record<string, string>>;
  readonly measure: () => Measured | Promise<Measured>;
}

/** An experiment that computes on the host alone: a row per check and one per control, a claim per id. */
export function exactExperiment({ statements, measure, ...about }: ExactExperiment): Experiment {
  return {
    ...about,
    needsAdapter: false,
    takes: [],
    run: async ({ scale }) => {
      const { checks, tables, notes = [] } = await measure();
      return {
        table: about.id,
        title: about.title,
        scale,
        rows: checks.flatMap(rowsOf),
        claims: judgeChecks(statements, checks),
        notes: [HOW, ...notes],
        ...(tables ? { tables } : {}),
        plots: [],
      };
    },
  };
}

const HOW =
  "Computed on the host in double precision, the same at every scale. Each check is repeated on cases known to " +
  "be wrong, which its bound must reject; a bound that lets one through decides nothing.";

/** A claim per statement: REPRODUCED when all its checks are, else the first verdict that is worse. */
export function judgeChecks(
  statements: Readonly<Record<string, string>>,
  checks: readonly Check[],
): ClaimResult[] {
  const stray = checks.find((c) => !Object.hasOwn(statements, c.id));
  if (stray) throw new AssayError(`Cannot judge check "${stray.id}": no statement says what it claims.`);
  return Object.entries(statements).map(([id, statement]) => {
    const judged = checks.filter((c) => c.id === id).map((c) => ({ what: c.what, ...judgeCheck(c) }));
    const failed = judged.filter((j) => j.verdict !== "REPRODUCED");
    const worst = failed.find((j) => j.verdict !== "INCONCLUSIVE") ?? failed[0];
    return {
      id,
      statement,
      verdict: judged.length === 0 ? "NOT-RUN" : worst?.verdict ?? "REPRODUCED",
      inequality: judged.map((j) => `${j.what}: ${j.inequality}`).join("; "),
    };
  });
}

function rowsOf(check: Check): Row[] {
  const { id, what, error, relation = "at-most", tolerance, controls } = check;
  const bound = `${relation === "at-most" ? "<=" : ">"} ${short(tolerance)}`;
  // The control nearest to being let through.
  const nearest = controls.map((c) => c.error).reduce((a, b) => (relation === "at-most") === (a < b) ? a : b);
  return [
    {
      method: id,
      values: {
        what,
        error: short(error),
        tolerance: bound,
        "control error": short(nearest),
        outcome: judgeCheck(check).verdict,
      },
    },
    ...controls.map((c): Row => ({
      method: `${id} control`,
      values: {
        what: c.what,
        error: short(c.error),
        tolerance: bound,
        outcome: Number.isFinite(c.error) && !holds(c.error, relation, tolerance)
          ? "rejected"
          : "NOT REJECTED",
      },
    })),
  ];
}

/** Texts, because a column of errors spans twenty orders of magnitude and a fixed number of decimals shows none of them. */
function short(x: number): string {
  return x !== 0 && (Math.abs(x) < 1e-3 || Math.abs(x) >= 1e6)
    ? x.toExponential(1)
    : String(+x.toPrecision(4));
}
