/** What a cell of a table shows, from the plans of its step and the logs of its runs. */
import { eventsOf } from "../../record/events.ts";
import type { RecordedRun } from "../../record/recorded.ts";
import { FEATURES, type Probe, probeSchema, protocolOf } from "../../record/spec/probe.ts";
import { type RunSpec, viewCount } from "../../record/spec/spec.ts";
import type { Cell, Column } from "../../report/result.ts";
import { planSpec, planStep, type StepPlan } from "../plan_step.ts";
import { settingsOf } from "../presets/settings.ts";
import { joinParts, type Part } from "./part.ts";
import {
  type CellRun,
  type Chosen,
  columnsOf,
  isTrained,
  partOf,
  probesOf,
  settingOf,
  specOfCell,
} from "./resolve.ts";
import type { At, Measure, Table } from "./vocabulary.ts";

/** A run that a table asked for and its log; the log is absent where it has not run to its end. */
export interface Told extends CellRun {
  readonly recorded: RecordedRun | undefined;
}

/** What cells are computed from: the table, the choices and the recorded runs. */
export interface Telling {
  readonly table: Table;
  readonly chosen: Chosen;
  readonly runs: readonly Told[];
}

/** Heading and unit of a measure. Times are called what digests leave out, whatever the table calls them. */
export function columnOf(table: Table, id: string): Column {
  const measure = table.measures[id]!;
  const [heading, unit] = HEADINGS[measure.kind](measure as never, table);
  return { id: unit === "ms" || unit === "seconds" ? measure.kind : id, heading, unit };
}

type Kinds = { readonly [K in Measure["kind"]]: Extract<Measure, { readonly kind: K }> };
type Heading = readonly [heading: string, unit: Column["unit"]];

const HEADINGS: { readonly [K in Measure["kind"]]: (measure: Kinds[K], table: Table) => Heading } = {
  probe: (m) => [m.heading ?? m.probe.kind, m.value === undefined ? "percent" : "number"],
  gain: (m, t) => [`${columnOf(t, m.of).heading}, gain over its untrained encoder`, "points"],
  planned: (m) => [m.heading ?? "planned peak", "bytes"],
  head: (m) => [m.heading ?? `head, ${m.of}`, "bytes"],
  measured: () => ["measured bytes", "count"],
  "planned-here": () => ["planned for the same step", "count"],
  stepMs: () => ["median ms a step", "ms"],
  seconds: () => ["training seconds", "seconds"],
  epochs: () => ["epochs", "count"],
  images: () => ["images through the encoder", "count"],
  "gradient-evaluations": () => ["gradient evaluations", "count"],
  metric: (m) => [m.heading ?? m.name, "number"],
  field: (m) => [m.heading, "text"],
  program: () => ["program", "text"],
  ratio: (m) => [m.heading, "ratio"],
};

/** A cell, or undefined where it does not apply or has not run. `over` decides more of a planned step. */
export async function cellOf(
  t: Telling,
  row: string,
  id: string,
  column = "",
  over?: Part,
): Promise<Cell | undefined> {
  const measure = t.table.measures[id]!;
  const runs = t.runs.filter((run) => run.row === row && run.column === column);
  const ended = runs.filter((run) => run.recorded !== undefined);
  const perSeed = (of: (run: Told) => number | undefined): Cell | undefined => {
    const values = ended.map(of).filter((v) => v !== undefined);
    return values.length > 0 ? { values } : undefined;
  };
  const single = (of: (run: Told) => number | undefined): Cell | undefined => {
    return whole(ended[0] && of(ended[0]));
  };
  switch (measure.kind) {
    case "probe":
      return probeCell(t, row, id, column);
    case "gain": {
      const [probe] = probesOfMeasure(t, measure.of);
      return perSeed((run) => {
        const [end, start] = [answer(run, probe!, "end"), answer(run, probe!, "start")];
        return end === undefined || start === undefined ? undefined : end - start;
      });
    }
    case "planned":
    case "head": {
      if (!isTrained(t.table.rows[row]!)) return undefined;
      const step = await planOf(t, row, measure, column, over);
      const bytes = measure.kind === "planned" ? step.peakBytes : step.head?.[measure.of];
      return bytes === undefined ? undefined : { value: bytes };
    }
    case "measured":
      return single((run) => stopOf(run)?.peakBytes);
    case "planned-here":
      return single((run) => stopOf(run)?.plannedBytes);
    case "stepMs":
      return median(ended.flatMap((run) => stopOf(run)?.stepMs ?? []));
    case "seconds":
      return median(ended.map(secondsOf));
    case "epochs":
      return runs[0] && whole(epochsOf(runs[0]));
    case "images":
      return single((run) => {
        const [start] = eventsOf(run.recorded!.events, "run-start");
        return start && start.steps * start.batch * viewCount(run.spec);
      });
    case "gradient-evaluations":
      return single((run) => stopOf(run)?.gradientEvaluations ?? stopOf(run)?.step);
    case "metric":
      return perSeed((run) => lastOf(run, measure.name));
    case "field": {
      const found = runs[0] && fieldOf(runs[0].spec, measure.path);
      return found === undefined
        ? undefined
        : { text: typeof found === "object" ? JSON.stringify(found) : `${found}` };
    }
    case "program":
      return ended[0] && { text: eventsOf(ended[0].recorded!.events, "run-start")[0]!.program };
    case "ratio": {
      const [own, other] = [
        await cellOf(t, row, measure.of, column, over),
        await cellOf(t, measure.to, measure.of, column, over),
      ];
      return own && other && "value" in own && "value" in other
        ? { value: own.value / other.value }
        : undefined;
    }
  }
}

/** Outcomes of a cell with the seed of each, in the order of the seeds: what two cells are paired by. */
export async function outcomesOf(
  t: Telling,
  { row, measure, column = "" }: At,
): Promise<{ readonly seeds: readonly number[]; readonly values: readonly number[] }> {
  const seeds: number[] = [], values: number[] = [];
  for (const seed of t.chosen.seeds) {
    const cell = await cellOf(
      { ...t, runs: t.runs.filter((run) => run.seed === seed) },
      row,
      measure,
      column,
    );
    if (!cell || !("values" in cell)) continue;
    seeds.push(seed);
    values.push(cell.values[0]!);
  }
  return { seeds, values };
}

/** First less second under a measure, where both have an outcome of one seed; undefined where no seed has both. */
export async function differencesOf(t: Telling, first: At, second: At): Promise<number[] | undefined> {
  const [a, b] = [await outcomesOf(t, first), await outcomesOf(t, second)];
  const found = a.seeds.flatMap((seed, i) => {
    const j = b.seeds.indexOf(seed);
    return j < 0 ? [] : [a.values[i]! - b.values[j]!];
  });
  return found.length > 0 ? found : undefined;
}

/** The plan of a row's step under a measure. */
export async function planOf(
  t: Telling,
  row: string,
  measure: Kinds["planned"] | Kinds["head"],
  column = "",
  over?: Part,
): Promise<StepPlan> {
  if (measure.part === undefined && over === undefined) {
    const run = t.runs.find((run) => run.row === row && run.column === column);
    // a row that was not chosen may still be what another is compared with
    return await planSpec(run?.spec ?? await specOfCell(t.table, t.chosen, row, column, t.chosen.seeds[0]!));
  }
  const own = partOf(t.table, t.chosen, row, column);
  const data = measure.part?.data ?? own.data!;
  const base = measure.settings === undefined ? own : joinParts(
    settingsOf(measure.settings, own.method!, data),
    { method: own.method!, data },
    columnsOf(t.table)[column],
  );
  return await planStep(joinParts(base, measure.part, over));
}

/** Probes of a measure as the runs of this scale take them: of the encoder, and of the pixels where a row shows them. */
function probesOfMeasure({ table, chosen }: Telling, id: string): Probe[] {
  const only = { ...table, measures: { [id]: table.measures[id]! } };
  return probesOf(only, settingOf(table, chosen.scale)).map((probe) => probeSchema.parse(probe));
}

function probeCell(t: Telling, row: string, id: string, column: string): Cell | undefined {
  const shown = t.table.rows[row]!;
  const [probe, onPixels] = probesOfMeasure(t, id);
  const value = (t.table.measures[id] as Kinds["probe"]).value;
  const ofColumn = t.runs.filter((run) => run.column === column && run.recorded !== undefined);
  const values = (runs: readonly Told[], asked: Probe, when: "start" | "end"): Cell | undefined => {
    const found = runs.map((run) => answer(run, asked, when, value)).filter((v) => v !== undefined);
    return found.length > 0 ? { values: found } : undefined;
  };
  if (isTrained(shown)) return values(ofColumn.filter((run) => run.row === row), probe!, "end");
  const firsts = t.chosen.seeds.flatMap((seed) => ofColumn.find((run) => run.seed === seed) ?? []);
  if ("pixels" in shown) {
    return shown.pixels.includes(id) && onPixels ? values(firsts.slice(0, 1), onPixels, "start") : undefined;
  }
  return probe!.at.includes("start") ? values(firsts, probe!, "start") : undefined;
}

/** What a run's log answers to a probe, before the first step or after the last. */
export function answer(run: Told, probe: Probe, when: "start" | "end", value = "top1"): number | undefined {
  const events = eventsOf(run.recorded?.events ?? [], "eval");
  const asked = Object.entries(protocolOf(probe, run.spec.data[probe.test]!.name, when === "end"));
  const found = events.filter((e) =>
    (e.step === 0) === (when === "start") && asked.every(([key, v]) => e.protocol[key] === v)
  );
  return found.at(-1)?.values[value];
}

/** Images that a measure of a row was tested on; null where it is no probe or nothing ran. */
export function testImages(t: Telling, measure: string, row: string): number | null {
  const asked = t.table.measures[measure]!;
  const [probe] = probesOfMeasure(t, asked.kind === "gain" ? asked.of : measure);
  const run = t.runs.find((r) => r.recorded && r.row === row) ?? t.runs.find((r) => r.recorded);
  if (!probe || !run) return null;
  return eventsOf(run.recorded!.events, "run-start")[0]?.data[probe.test]?.images ?? null;
}

/** A probe's values over the epochs of a run; epoch 0 is the untrained encoder. */
export function curveOf(run: Told, probe: Probe): { readonly x: number; readonly y: number }[] {
  const name = run.spec.data[probe.test]!.name;
  const asked = [protocolOf(probe, name, false), protocolOf(probe, name, true)];
  return eventsOf(run.recorded?.events ?? [], "eval").filter((e) =>
    e.protocol.features !== FEATURES.pixels &&
    asked.some((protocol) => Object.entries(protocol).every(([key, v]) => e.protocol[key] === v))
  ).map((e) => ({ x: e.step === 0 ? 0 : e.epoch + 1, y: e.values.top1! }));
}

const stopOf = (run: Told) => eventsOf(run.recorded!.events, "run-stop")[0];

/** Seconds of training, without evaluations where it has whole epochs. */
function secondsOf(run: Told): number {
  const epochs = eventsOf(run.recorded!.events, "epoch-stop");
  return epochs.length > 0 ? epochs.reduce((sum, e) => sum + (e.seconds ?? 0), 0) : stopOf(run)?.seconds ?? 0;
}

/** Epochs of a run: as its specification says, or as many as its log ended. */
const epochsOf = ({ spec, recorded }: Told): number | undefined =>
  "epochs" in spec.stop ? spec.stop.epochs : recorded && eventsOf(recorded.events, "epoch-stop").length;

const whole = (value: number | undefined): Cell | undefined => value === undefined ? undefined : { value };

const lastOf = (run: Told, name: string): number | undefined =>
  eventsOf(run.recorded!.events, "metrics").at(-1)?.series[name]?.at(-1);

function median(values: readonly number[]): Cell | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length > 0 ? { value: sorted[sorted.length >> 1]! } : undefined;
}

function fieldOf(spec: RunSpec, path: string): unknown {
  if (path === "views") return viewCount(spec);
  return path.split(".").reduce<unknown>((v, key) => (v as Record<string, unknown> | undefined)?.[key], spec);
}
