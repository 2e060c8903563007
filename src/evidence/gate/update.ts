/** Writes a measurement as the new baselines and says what that changes. */
import { failure } from "../../base/error.ts";
import { count, table } from "../../base/text.ts";
import {
  type Baselines,
  type PlanBaseline,
  type RunBaseline,
  writePlanBaseline,
  writeRunBaseline,
} from "./baseline.ts";
import type { MeasuredRuns, Measurement } from "./measurement.ts";

/** Replaces the baselines of what was measured. Gives the files and the differences as text. Refuses failed runs. */
export async function updateBaselines(
  folder: string,
  measured: Measurement,
  old: Baselines,
): Promise<{ readonly files: readonly string[]; readonly difference: string }> {
  const runs = measured.runs && toRuns(measured.runs);
  const plans = measured.plans && toPlans(measured.plans);
  const files: string[] = [];
  if (plans) files.push(await writePlanBaseline(folder, plans));
  if (runs) files.push(await writeRunBaseline(folder, runs, old.runs));
  const before = [...old.runs.values()].find((b) => b.adapterClass === runs?.adapterClass);
  const rows = [
    ...(plans ? differences(planNumbers(old.plans), planNumbers(plans)) : []),
    ...(runs ? differences(runNumbers(before), runNumbers(runs)) : []),
  ];
  const difference = rows.length === 0
    ? "The baselines are as they were."
    : table([["row", "was", "is", "change"], ...rows], "lrrr");
  return { files, difference };
}

function toPlans(plans: NonNullable<Measurement["plans"]>): PlanBaseline {
  return {
    format: "assay-plan-baseline-1",
    plans: Object.fromEntries(plans.map(({ id, definition, peakBytes }) => [id, { definition, peakBytes }])),
  };
}

function toRuns({ adapter, adapterClass, methods }: NonNullable<Measurement["runs"]>): RunBaseline {
  const rows = methods.map((run): [string, RunBaseline["runs"][string]] => {
    if ("problem" in run) {
      throw failure({
        operation: "update",
        object: `the baseline of "${run.method}"`,
        required: "its runs must end",
        found: `a failure (${run.problem.replace(/\.$/, "")})`,
        wayOut: "mend the method first; no baseline was changed",
      });
    }
    return [run.method, storedOf(run)];
  });
  return {
    format: "assay-run-baseline-1",
    adapterClass,
    adapter: { ...adapter },
    runs: Object.fromEntries(rows),
  };
}

function storedOf(
  { definition, seeds, peakBytes, metrics, stepMs }: MeasuredRuns,
): RunBaseline["runs"][string] {
  const values = Object.entries(metrics).map(([name, of]) => [name, [...of]]);
  return {
    definition,
    seeds: [...seeds],
    peakBytes,
    metrics: Object.fromEntries(values),
    stepMs: stepMs.map((ms) => Number(ms.toFixed(3))), // reported, never compared exactly
  };
}

type Numbers = Map<string, { readonly value: number; readonly show: (n: number) => string }>;

function planNumbers(baseline: PlanBaseline | undefined): Numbers {
  const entries = Object.entries(baseline?.plans ?? {});
  return new Map(entries.map(([id, { peakBytes }]) => [`plan ${id}`, { value: peakBytes, show: count }]));
}

function runNumbers(baseline: RunBaseline | undefined): Numbers {
  const numbers: Numbers = new Map();
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const show = (n: number) => String(Number(n.toPrecision(5)));
  for (const [method, run] of Object.entries(baseline?.runs ?? {})) {
    numbers.set(`${method} peak bytes`, { value: run.peakBytes, show: count });
    for (const [name, values] of Object.entries(run.metrics)) {
      numbers.set(`${method} ${name}`, { value: mean(values), show });
    }
  }
  return numbers;
}

function differences(old: Numbers, now: Numbers): string[][] {
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((id) => {
    const [a, b] = [old.get(id), now.get(id)];
    if (a?.value === b?.value) return [];
    const { show } = (a ?? b)!;
    const change = a && b ? b.value - a.value : undefined;
    return [[
      id,
      a ? show(a.value) : "none",
      b ? show(b.value) : "none",
      change === undefined ? (a ? "dropped" : "new") : `${change > 0 ? "+" : ""}${show(change)}`,
    ]];
  });
}
