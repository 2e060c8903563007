/**
 * Plots as Vega-Lite specifications with their data inside, and their SVG. No browser and no network; the same
 * specification gives the same bytes. Colours are those of the light page; the page's style sheet swaps them in the dark.
 */
import * as vega from "vega";
import { compile } from "vega-lite";
import type { Plot } from "./result.ts";
import { escape } from "./site/html.ts";

/** Ink of texts, muted ink, grid lines: light page, dark page. */
export const INKS = [["#1c2128", "#e6e9ee"], ["#57606a", "#a4adb8"], ["#d5dae0", "#3a424c"]] as const;

/** Colours of series, distinguishable without red-green vision: for the light page, for the dark page. */
export const COLOURS = [
  ["#2f6fb3", "#6aa9e9"],
  ["#c2571a", "#f0935a"],
  ["#2a8068", "#5cc2a4"],
  ["#7c4fb0", "#b48be6"],
  ["#8a6d0b", "#d6b543"],
  ["#b23a68", "#ea7ba5"],
  ["#5b6672", "#9aa7b5"],
  ["#0d7f95", "#4cc0d6"],
  ["#6b4a2f", "#c79c78"],
  ["#3f7d20", "#8dcb68"],
  ["#a8328a", "#e58ad0"],
  ["#4b5a1f", "#b9c97a"],
] as const;

const [[ink], [muted], [grid]] = INKS;

const CONFIG = {
  background: null,
  font: "system-ui, sans-serif",
  axis: {
    labelColor: ink,
    titleColor: ink,
    tickColor: muted,
    domainColor: muted,
    gridColor: grid,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 500,
    labelLimit: 320,
  },
  legend: {
    labelColor: ink,
    titleColor: ink,
    labelFontSize: 12,
    titleFontSize: 12,
    orient: "top",
    columns: 4,
    labelLimit: 320,
  },
  view: { stroke: null },
  range: { category: COLOURS.map(([light]) => light) },
} as const;

const WIDTH = 520;

/** Values of one series over x. */
export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** Horizontal stacked bars: one bar a row, one segment a part, in the order given. */
export function stackedBars(
  rows: readonly { readonly name: string; readonly parts: Readonly<Record<string, number>> }[],
  axis: string,
): Plot["spec"] {
  const parts = [...new Set(rows.flatMap((row) => Object.keys(row.parts)))];
  const values = rows.flatMap((row) =>
    Object.entries(row.parts).map(([part, value]) => ({
      row: row.name,
      part,
      value,
      order: parts.indexOf(part),
    }))
  );
  return {
    data: { values },
    width: WIDTH,
    height: { step: 26 },
    mark: { type: "bar" },
    encoding: {
      y: { field: "row", type: "nominal", sort: rows.map((row) => row.name), title: null },
      x: { field: "value", type: "quantitative", title: axis },
      color: { field: "part", type: "nominal", sort: parts, title: null },
      order: { field: "order", type: "ordinal" },
    },
  };
}

/** Lines with points over a numeric axis; `log` makes both axes logarithmic. */
export function lines(
  curves: readonly Curve[],
  axes: { readonly x: string; readonly y: string; readonly log?: boolean; readonly points?: boolean },
): Plot["spec"] {
  const scale = axes.log ? { type: "log" } : { zero: false };
  const axis = axes.log ? { tickCount: 4 } : {};
  return {
    data: { values: curves.flatMap(({ name, points }) => points.map((point) => ({ name, ...point }))) },
    width: WIDTH,
    height: 260,
    mark: { type: "line", point: axes.points ?? true, strokeWidth: 2 },
    encoding: {
      x: { field: "x", type: "quantitative", title: axes.x, scale, axis },
      y: { field: "y", type: "quantitative", title: axes.y, scale, axis },
      color: { field: "name", type: "nominal", sort: curves.map((c) => c.name), title: null },
    },
  };
}

/** A centre with its interval; without an interval `lower` and `upper` are absent. */
export interface Estimate {
  readonly name: string;
  readonly centre: number;
  readonly lower?: number;
  readonly upper?: number;
  /** Single outcomes, drawn as small marks. */
  readonly values: readonly number[];
}

/** Estimates below one another, each with its interval and the outcomes behind it. */
export function intervals(estimates: readonly Estimate[], axis: string): Plot["spec"] {
  const y = { field: "name", type: "nominal", sort: estimates.map((e) => e.name), title: null };
  const x = { type: "quantitative", title: axis, scale: { zero: false } };
  const [colour] = COLOURS[0];
  return {
    width: WIDTH,
    height: { step: 26 },
    layer: [
      {
        data: { values: estimates.filter((e) => e.lower !== undefined) },
        mark: { type: "rule", strokeWidth: 2, color: colour },
        encoding: { y, x: { ...x, field: "lower" }, x2: { field: "upper" } },
      },
      {
        data: { values: estimates },
        mark: { type: "point", filled: true, size: 70, color: colour, opacity: 1 },
        encoding: { y, x: { ...x, field: "centre" } },
      },
      {
        data: { values: estimates.flatMap((e) => e.values.map((value) => ({ name: e.name, value }))) },
        mark: { type: "tick", thickness: 1.5, size: 14, color: muted },
        encoding: { y, x: { ...x, field: "value" } },
      },
    ],
  };
}

/** SVG of a plot. Names in it start with the plot's own, so that several can stand in one page. */
export async function renderSvg(plot: Plot): Promise<string> {
  // A copy: Vega writes into the data it is given.
  const spec = JSON.parse(plotFile(plot));
  const parsed = vega.parse(compile(spec).spec);
  const view = new vega.View(parsed, { renderer: "none" });
  (vega as unknown as { resetSVGDefIds: () => void }).resetSVGDefIds();
  const svg = await view.toSVG();
  view.finalize();
  return svg
    .replace(/\bid="/g, `id="${plot.name}-`)
    .replace(/url\(#/g, `url(#${plot.name}-`)
    .replace(/(href=")#/g, `$1#${plot.name}-`)
    .replace("<svg ", `<svg role="img" aria-label="${escape(plot.caption)}" `);
}

/** The specification as a file: complete, so that any Vega-Lite draws it. */
export function plotFile(plot: Plot): string {
  const spec = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description: plot.caption,
    config: CONFIG,
    ...plot.spec,
  };
  return `${JSON.stringify(spec, null, 2)}\n`;
}
