/** Compares a measurement with the baselines: the statistics are those of stats/gate.ts, the words are here. */
import { adapterName } from "../../repro/recorded_runs.ts";
import { gate, type GateRow, type GateRowResult } from "../../stats/gate.ts";
import { count } from "../../base/text.ts";
import { type Baselines, PLANS_FILE, type RunBaseline } from "./baseline.ts";
import { type MeasuredRuns, type Measurement, METRICS } from "./measurement.ts";

/** `red` alone fails the gate. */
export type RowStatus = "passed" | "improved" | "red" | "inconclusive" | "reported";

export interface ReportRow {
  /** `plan` or the method's name, and what was compared. */
  readonly group: string;
  readonly name: string;
  readonly status: RowStatus;
  readonly measured: string;
  readonly baseline: string;
  /** The comparison with its numbers. */
  readonly inequality: string;
  /** For a red, improved or inconclusive row: measured, baseline, rule and way out in one sentence. */
  readonly sentence?: string;
}

export interface GateReport {
  readonly ok: boolean;
  readonly rows: readonly ReportRow[];
  /** What holds for the report as a whole. */
  readonly notes: readonly string[];
}

const UPDATE = "./run gate --update";
const ACCEPT = `find the change that caused it, or accept it with ${UPDATE} and say why in the commit`;

/** Judges every row. Red: grown bytes, a metric outside its interval, failed runs, a case that changed or vanished. */
export function judge(measured: Measurement, baselines: Baselines): GateReport {
  const rows: Pending[] = [];
  const notes: string[] = [];
  if (measured.plans) rows.push(...planRows(measured.plans, baselines.plans));
  if (measured.runs) {
    const { adapter, adapterClass, methods } = measured.runs;
    const same = [...baselines.runs.values()].find((b) => b.adapterClass === adapterClass);
    const [other] = baselines.runs.values();
    if (!same) {
      notes.push(
        other
          ? `No baseline is of this adapter class (${
            adapterName(adapter)
          }): metrics are compared statistically with ` +
            `those of ${
              adapterName(other.adapter)
            }, bytes and times of another class are not. ${UPDATE} on this ` +
            `adapter makes one.`
          : `There is no baseline of runs, so none can be judged; ${UPDATE} makes one for ${
            adapterName(adapter)
          }.`,
      );
    }
    rows.push(...runRows(methods, same ?? other, same !== undefined));
  }
  const tested = rows.flatMap((row) => "test" in row ? [row.test] : []);
  const results = new Map(gate(tested).rows.map((r) => [r.id, r]));
  const finished = rows.map((row) => "test" in row ? finish(row, results.get(row.test.id)!) : row);
  return { ok: finished.every((row) => row.status !== "red"), rows: finished, notes };
}

/** A row that waits for the statistics; Holm needs all of them. */
interface Tested extends Omit<ReportRow, "status" | "inequality" | "sentence"> {
  readonly test: GateRow;
}
type Pending = ReportRow | Tested;

function planRows(plans: NonNullable<Measurement["plans"]>, baseline: Baselines["plans"]): Pending[] {
  const known = baseline?.plans ?? {};
  const rows = plans.map(({ id, definition, peakBytes }): Pending => {
    const row = { group: "plan", name: `${id}: planned peak bytes`, measured: count(peakBytes) };
    const old = Object.hasOwn(known, id) ? known[id] : undefined;
    if (!old) return unknown(row, `${PLANS_FILE} has no such row`);
    if (old.definition !== definition) return changed(row, count(old.peakBytes));
    const test: GateRow = { kind: "bytes", id: `plan ${id}`, baseline: old.peakBytes, value: peakBytes };
    return { ...row, baseline: count(old.peakBytes), test };
  });
  const there = new Set(plans.map((p) => p.id));
  return [...rows, ...Object.keys(known).filter((id) => !there.has(id)).map((id) => vanished("plan", id))];
}

function runRows(
  methods: NonNullable<Measurement["runs"]>["methods"],
  baseline: RunBaseline | undefined,
  sameClass: boolean,
): Pending[] {
  const known = baseline?.runs ?? {};
  const rows = methods.flatMap((run): Pending[] => {
    if ("problem" in run) return [failed(run.method, run.problem)];
    const old = Object.hasOwn(known, run.method) ? known[run.method] : undefined;
    if (!old) {
      return [unknown({ group: run.method, name: "runs", measured: `${run.seeds.length} seeds` }, "none")];
    }
    if (old.definition !== run.definition) {
      return [
        changed({ group: run.method, name: "runs", measured: `${run.seeds.length} seeds` }, "another one"),
      ];
    }
    return [bytesRow(run, old, sameClass), ...metricRows(run, old), timeRow(run, old, sameClass)];
  });
  const there = new Set(methods.map((run) => run.method));
  return [...rows, ...Object.keys(known).filter((id) => !there.has(id)).map((id) => vanished(id, id))];
}

type Old = RunBaseline["runs"][string];

function bytesRow(run: MeasuredRuns, old: Old, sameClass: boolean): Pending {
  const row = { group: run.method, name: "peak bytes", measured: count(run.peakBytes) };
  if (!sameClass) return unknown(row, "none of this adapter class");
  const test: GateRow = {
    kind: "bytes",
    id: `${run.method} peak bytes`,
    baseline: old.peakBytes,
    value: run.peakBytes,
  };
  return { ...row, baseline: count(old.peakBytes), test };
}

function metricRows(run: MeasuredRuns, old: Old): Pending[] {
  return Object.entries(METRICS).map(([name, better]): Pending => {
    const values = run.metrics[name]!;
    const history = old.metrics[name];
    const row = { group: run.method, name, measured: summary(values) };
    if (!history) return unknown(row, "no such metric");
    const test: GateRow = {
      kind: "metric",
      id: `${run.method} ${name}`,
      history,
      value: mean(values),
      runs: values.length,
      better,
    };
    return { ...row, baseline: summary(history), test };
  });
}

function timeRow(run: MeasuredRuns, old: Old, sameClass: boolean): Pending {
  const test: GateRow = {
    kind: "time",
    id: `${run.method} step time`,
    history: sameClass ? old.stepMs : [],
    values: run.stepMs,
  };
  const ms = (values: readonly number[]) => values.length > 0 ? `${mean(values).toFixed(1)} ms` : "none";
  return { group: run.method, name: "step time", measured: ms(run.stepMs), baseline: ms(test.history), test };
}

function finish({ test, ...row }: Tested, result: GateRowResult): ReportRow {
  const { inequality, adjustedP } = result;
  const told = adjustedP === null ? inequality : `${inequality}, ${show(adjustedP)} after Holm`;
  const base = { ...row, inequality: told };
  const facts = `${row.group} ${row.name}: measured ${row.measured}, baseline ${row.baseline}`;
  switch (result.status) {
    case "regressed": {
      const rule = test.kind === "bytes"
        ? "bytes may not grow by one"
        : `the mean may not lie beyond the prediction interval of the baseline (${told})`;
      return { ...base, status: "red", sentence: `${facts}; ${rule}; ${ACCEPT}.` };
    }
    case "improved":
      return {
        ...base,
        status: "improved",
        sentence: `${facts}; ${UPDATE} keeps the gain, without it the old value stays the limit.`,
      };
    case "unknown":
      return {
        ...base,
        status: "inconclusive",
        sentence: `${facts}; ${told}; store more seeds with ${UPDATE}.`,
      };
    default:
      return { ...base, status: result.status };
  }
}

type Bare = Pick<ReportRow, "group" | "name" | "measured">;

function unknown(row: Bare, why: string): ReportRow {
  return {
    ...row,
    status: "inconclusive",
    baseline: "none",
    inequality: why,
    sentence: `${row.group} ${row.name}: measured ${row.measured}, baseline ${why}, so nothing is judged; ` +
      `${UPDATE} stores one.`,
  };
}

function changed(row: Bare, baseline: string): ReportRow {
  return {
    ...row,
    status: "red",
    baseline,
    inequality: "the definitions differ",
    sentence:
      `${row.group} ${row.name}: measured ${row.measured}, baseline ${baseline} of another definition; ` +
      `numbers of two definitions may not be compared; undo the change of the gate's experiment, or store it with ${UPDATE}.`,
  };
}

function vanished(group: string, id: string): ReportRow {
  return {
    group,
    name: group === id ? "runs" : `${id}: planned peak bytes`,
    status: "red",
    measured: "none",
    baseline: "stored",
    inequality: "nothing was measured",
    sentence:
      `${group === id ? id : `${group} ${id}`}: measured nothing, the baseline has a row; a row may not ` +
      `vanish unseen; bring its case back, or drop it with ${UPDATE}.`,
  };
}

function failed(method: string, problem: string): ReportRow {
  return {
    group: method,
    name: "runs",
    status: "red",
    measured: "a failed run",
    baseline: "runs that end",
    inequality: problem,
    sentence:
      `${method}: a run failed where the baseline's ended; every run must end; the failure was: ${problem}`,
  };
}

/** `17.2 ± 1.1 (5)`: mean, standard deviation and number of values. */
function summary(values: readonly number[]): string {
  const m = mean(values);
  const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - m) ** 2, 0) / Math.max(1, values.length - 1));
  return `${show(m)} ± ${show(sd)} (${values.length})`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}

const show = (value: number): string => String(Number(value.toPrecision(4)));
