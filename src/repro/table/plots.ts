/** Plots of a table: accuracies with intervals, curves over epochs, losses, planned bytes by role, grids over a number. */
import { ROLES } from "../../base/roles.ts";
import { eventsOf } from "../../record/events.ts";
import { probeSchema } from "../../record/spec/probe.ts";
import { type Curve, type Estimate, intervals, lines, stackedBars } from "../../report/plots.ts";
import type { Plot } from "../../report/result.ts";
import { tInterval } from "../../stats/t_interval.ts";
import { cellOf, columnOf, curveOf, differencesOf, planOf, type Telling, type Told } from "./cells.ts";
import { inColumn, nameOf } from "./grids.ts";
import { columnsOf, isTrained, probesOf, settingOf } from "./resolve.ts";

const LEVEL = 0.95;
const INTERVAL = "mean and 95 % t interval (two-sided) over seeds; ticks are single runs";

export async function plotsOf(t: Telling): Promise<Plot[]> {
  return [
    ...await accuracies(t),
    ...curves(t),
    ...losses(t),
    ...await differences(t),
    ...await bytesByRole(t),
    ...await overNumbers(t),
  ];
}

/** Ids of the measures that are accuracies. */
const probes = ({ table }: Telling): string[] =>
  Object.keys(table.measures).filter((id) => {
    const measure = table.measures[id]!;
    return measure.kind === "probe" && measure.value === undefined;
  });

async function accuracies(t: Telling): Promise<Plot[]> {
  const [id] = probes(t);
  if (id === undefined) return [];
  const estimates: Estimate[] = [];
  for (const column of Object.keys(columnsOf(t.table))) {
    for (const row of t.chosen.rows) {
      const cell = await cellOf(t, row, id, column);
      if (cell && "values" in cell) estimates.push(estimateOf(labelOf(t, row, column), cell.values));
    }
  }
  if (estimates.length === 0) return [];
  const { heading } = columnOf(t.table, id);
  return [{
    name: "accuracy",
    caption: `${heading} accuracy in percent: ${INTERVAL}.`,
    spec: intervals(estimates, `${heading} accuracy, %`),
  }];
}

function estimateOf(name: string, values: readonly number[]): Estimate {
  const over = values.length > 1 ? tInterval(values, LEVEL) : undefined;
  return {
    name,
    centre: over?.centre ?? values[0]!,
    ...(over && { lower: over.lower, upper: over.upper }),
    values,
  };
}

const labelOf = (t: Telling, row: string, column: string): string => inColumn(nameOf(t.table, row), column);

/** Runs that ended, by row and column. */
function ended(t: Telling): Map<string, Told[]> {
  return Map.groupBy(t.runs.filter((run) => run.recorded), (run) => labelOf(t, run.row, run.column));
}

/** Mean over runs at every place where all have a point. */
function meanOf(all: readonly (readonly { readonly x: number; readonly y: number }[])[]): Curve["points"] {
  return (all[0] ?? []).flatMap(({ x }) => {
    const found = all.map((points) => points.find((p) => p.x === x)?.y).filter((y) => y !== undefined);
    return found.length === all.length ? [{ x, y: found.reduce((a, b) => a + b, 0) / found.length }] : [];
  });
}

function curves(t: Telling): Plot[] {
  const setting = settingOf(t.table, t.chosen.scale);
  return probes(t).flatMap((id): Plot[] => {
    const [input] = probesOf({ ...t.table, measures: { [id]: t.table.measures[id]! } }, setting);
    const probe = probeSchema.parse(input);
    const drawn = [...ended(t)].map(([name, runs]) => ({
      name,
      points: meanOf(runs.map((run) => curveOf(run, probe))),
    }))
      .filter((curve) => curve.points.length > 1);
    if (drawn.length === 0) return [];
    const { heading } = columnOf(t.table, id);
    return [{
      name: `${id}-curves`,
      caption: `${heading} accuracy by epoch, mean over seeds; epoch 0 is the untrained encoder.`,
      spec: lines(drawn, { x: "epoch", y: `${heading} accuracy, %` }),
    }];
  });
}

function losses(t: Telling): Plot[] {
  const drawn = [...ended(t)].map(([name, runs]) => {
    const first = runs.map((run) => lossCurve(run));
    return { name, points: relative(meanOf(first)) };
  }).filter((curve) => curve.points.length > 1);
  if (drawn.length === 0) return [];
  return [{
    name: "loss-curves",
    caption: "Training loss by epoch (mean of its steps and of the seeds) over the loss of the first epoch.",
    spec: lines(drawn, { x: "epoch", y: "loss / first epoch's" }),
  }];
}

/** Mean loss of every whole epoch. */
function lossCurve({ recorded }: Told): Curve["points"] {
  const [start] = eventsOf(recorded!.events, "run-start");
  const all = eventsOf(recorded!.events, "metrics").flatMap((e) => e.series.loss!);
  const size = start!.stepsPerEpoch;
  return Array.from({ length: Math.floor(all.length / size) }, (_, epoch) => {
    const own = all.slice(epoch * size, (epoch + 1) * size);
    return { x: epoch + 1, y: own.reduce((a, b) => a + b, 0) / size };
  });
}

function relative(points: Curve["points"]): Curve["points"] {
  const first = Math.abs(points[0]?.y ?? 1);
  return points.map(({ x, y }) => ({ x, y: y / first }));
}

async function differences(t: Telling): Promise<Plot[]> {
  const plots: Plot[] = [];
  for (const beside of t.table.beside ?? []) {
    if (!("differences" in beside)) continue;
    for (const measure of beside.measures) {
      const estimates: Estimate[] = [];
      for (const [first, second] of beside.differences) {
        for (const column of Object.keys(columnsOf(t.table))) {
          const at = { measure, column };
          const values = await differencesOf(t, { row: first, ...at }, { row: second, ...at });
          const name = `${nameOf(t.table, first)} - ${nameOf(t.table, second)}`;
          if (values) estimates.push(estimateOf(inColumn(name, column), values));
        }
      }
      if (estimates.length === 0) continue;
      const { heading } = columnOf(t.table, measure);
      plots.push({
        name: `differences-${measure}`,
        caption: `${heading}: ${beside.title.toLowerCase()} in points, ${INTERVAL}.`,
        spec: intervals(estimates, `difference in ${heading} accuracy, points`),
      });
    }
  }
  return plots;
}

async function bytesByRole(t: Telling): Promise<Plot[]> {
  const found = Object.values(t.table.measures).find((m) => m.kind === "planned");
  if (!found) return [];
  const bars = [];
  for (const row of t.chosen.rows.filter((id) => isTrained(t.table.rows[id]!))) {
    const { roles } = await planOf(t, row, found, Object.keys(columnsOf(t.table))[0]!);
    bars.push({
      name: nameOf(t.table, row),
      parts: Object.fromEntries(ROLES.map((role) => [role, roles[role] / 2 ** 30])),
    });
  }
  return [{
    name: "memory-by-role",
    caption: "Planned peak bytes of one training step by role, in GiB.",
    spec: stackedBars(bars, "GiB"),
  }];
}

/** Grids beside the table whose columns are numbers of training images. */
async function overNumbers(t: Telling): Promise<Plot[]> {
  const plots: Plot[] = [];
  for (const [i, beside] of (t.table.beside ?? []).entries()) {
    if ("differences" in beside || !beside.columns) continue;
    const columns = Object.values(beside.columns).filter((part) => part.images !== undefined);
    if (columns.length < 2) continue;
    const drawn: Curve[] = [];
    for (const row of beside.rows.filter((id) => t.chosen.rows.includes(id))) {
      for (const measure of beside.measures) {
        for (const column of Object.keys(columnsOf(t.table))) {
          const points = [];
          for (const part of columns) {
            const cell = await cellOf(t, row, measure, column, part);
            if (cell && "value" in cell) points.push({ x: part.images!, y: cell.value / 2 ** 20 });
          }
          if (points.length < 2) continue;
          drawn.push({ name: `${labelOf(t, row, column)}: ${columnOf(t.table, measure).heading}`, points });
        }
      }
    }
    if (drawn.length === 0) continue;
    plots.push({
      name: `bytes-over-images${i === 0 ? "" : i}`,
      caption: `${beside.title}, in MiB; both axes logarithmic.`,
      spec: lines(drawn, { x: "training images", y: "MiB", log: true }),
    });
  }
  return plots;
}
