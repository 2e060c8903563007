import { failure } from "../base/error.ts";
import { toSummary } from "./describe.ts";
import { tUpperTail } from "./distributions.ts";
import { mannWhitneyExact } from "./mann_whitney.ts";
import { holm } from "./multiplicity.ts";
import { requireCount, requireFinite, requireOpenUnit } from "./require.ts";

/** Bytes counted by the allocator: deterministic, so one byte more than the baseline fails. */
export interface BytesRow {
  readonly kind: "bytes";
  readonly id: string;
  readonly baseline: number;
  readonly value: number;
}

/** A quantity that varies from run to run, against the stored runs of the accepted version. */
export interface MetricRow {
  readonly kind: "metric";
  readonly id: string;
  readonly history: readonly number[];
  readonly value: number;
  /** How many new runs `value` is the mean of. Default 1. */
  readonly runs?: number;
  readonly better: "higher" | "lower";
}

/** Step times: reported, never gating, because a shared machine makes them vary for reasons outside the program. */
export interface TimeRow {
  readonly kind: "time";
  readonly id: string;
  readonly history: readonly number[];
  readonly values: readonly number[];
}

export type GateRow = BytesRow | MetricRow | TimeRow;

/** What became of a row. Only `regressed` makes the gate red; `unknown` means that the history is too short to judge. */
export interface GateRowResult {
  readonly id: string;
  readonly status: "passed" | "improved" | "regressed" | "unknown" | "reported";
  /** The comparison that was made, with its numbers. */
  readonly inequality: string;
  /** One-sided p-value of a worse value, and the same after Holm over the metric rows; null where nothing was tested. */
  readonly p: number | null;
  readonly adjustedP: number | null;
}

export interface GateResult {
  readonly ok: boolean;
  readonly rows: readonly GateRowResult[];
}

/** `minimumHistory` stored runs (5 unless told) are needed before a metric can fail; `alpha` is 0.05 for all rows together. */
export interface GateOptions {
  readonly alpha?: number;
  readonly minimumHistory?: number;
}

/**
 * The regression test of continuous integration. Bytes are a ratchet without tolerance. A metric is compared with the
 * prediction distribution of the mean of m further runs (one unless told), t = (value - mean) / (sd sqrt(1/m + 1/n)) with
 * n - 1 degrees of freedom, and Holm keeps the chance of any false alarm over all metric rows at alpha. A history that never varied is compared
 * exactly, outside Holm. A value that is not finite counts as a regression. Throws an AssayError for a broken history or
 * byte count, or two rows with one id.
 */
export function gate(rows: readonly GateRow[], options: GateOptions = {}): GateResult {
  const { alpha = 0.05, minimumHistory = 5 } = options;
  requireOpenUnit("gate at", "alpha", alpha);
  requireCount("gate with", "the minimum history", minimumHistory, 2);
  const seen = new Set<string>();
  for (const { id } of rows) {
    if (seen.has(id)) {
      throw failure({
        operation: "gate",
        object: `row "${id}"`,
        required: "every row needs its own id",
        found: "two rows with this one",
        wayOut: "rename one of them",
      });
    }
    seen.add(id);
  }
  const results = rows.map((row) => {
    if (row.kind === "bytes") return judgeBytes(row);
    return row.kind === "metric" ? testMetric(row, minimumHistory) : reportTime(row);
  });
  // A metric row that was tested is "passed" with a p-value until Holm has spoken.
  const tested = results.flatMap((r, i) => r.p !== null && rows[i]!.kind === "metric" ? [i] : []);
  holm(tested.map((i) => results[i]!.p!)).forEach((adjustedP, at) => {
    const row = results[tested[at]!]!;
    const status = adjustedP <= alpha ? "regressed" : row.status;
    results[tested[at]!] = { ...row, status, adjustedP };
  });
  return { ok: results.every((r) => r.status !== "regressed"), rows: results };
}

function judgeBytes({ id, baseline, value }: BytesRow): GateRowResult {
  requireCount("gate", `the byte baseline of "${id}"`, baseline, 0);
  requireCount("gate", `the byte count of "${id}"`, value, 0);
  const status = value > baseline ? "regressed" : value < baseline ? "improved" : "passed";
  const sign = value > baseline ? ">" : "<=";
  return { id, status, inequality: `${value} B ${sign} baseline ${baseline} B`, p: null, adjustedP: null };
}

function testMetric({ id, history, value, runs = 1, better }: MetricRow, minimum: number): GateRowResult {
  const untested = (status: GateRowResult["status"], inequality: string): GateRowResult => ({
    id,
    status,
    inequality,
    p: null,
    adjustedP: null,
  });
  requireCount("gate", `the number of new runs of "${id}"`, runs, 1);
  if (!Number.isFinite(value)) return untested("regressed", `${value} is not a finite value`);
  requireFinite("gate", `the history of "${id}"`, history, 0);
  if (history.length < minimum) {
    return untested("unknown", `${history.length} stored runs < ${minimum} needed`);
  }
  const { n, mean, sd } = toSummary("gate", `the history of "${id}"`, history);
  const worse = better === "higher" ? mean - value : value - mean;
  if (sd === 0) {
    return worse > 0
      ? untested("regressed", `${value} is worse than ${mean}, which all ${n} stored runs gave`)
      : untested(
        worse < 0 ? "improved" : "passed",
        `${value} is no worse than ${mean} of all ${n} stored runs`,
      );
  }
  const scale = sd * Math.sqrt(1 / runs + 1 / n);
  const t = worse / scale;
  const p = tUpperTail(t, n - 1);
  const inequality =
    `t = (${better === "higher" ? `${show(mean)} - ${show(value)}` : `${show(value)} - ${show(mean)}`}) / ` +
    `${show(scale)} = ${show(t)} with ${n - 1} df, p = ${show(p)}`;
  return { id, status: "passed", inequality, p, adjustedP: null };
}

function reportTime({ id, history, values }: TimeRow): GateRowResult {
  if (history.length === 0 || values.length === 0) {
    return { id, status: "reported", inequality: "no times to compare", p: null, adjustedP: null };
  }
  const { superiority, pGreater } = mannWhitneyExact(values, history);
  const inequality = `P(new time > stored time) = ${show(superiority)}, p = ${show(pGreater)} (never gating)`;
  return { id, status: "reported", inequality, p: pGreater, adjustedP: null };
}

/** Four significant digits: enough to redo the arithmetic by eye. */
function show(value: number): string {
  return String(Number(value.toPrecision(4)));
}
