/** Curves of a run over its steps. Long ones are averaged, so that a page stays small; the caption says over how many. */
import { eventsOf } from "../../record/events.ts";
import type { Event } from "../../record/events.ts";
import type { Plot } from "../result.ts";
import { lines } from "../plots.ts";
import { mean } from "../../stats/describe.ts";

/** Points of a curve at most. */
const POINTS = 240;

/** Loss (and what else was recorded at each step) and evaluations; a run without either has no curve of it. */
export function runCurves(events: readonly Event[]): readonly Plot[] {
  return [...stepCurves(events), ...evaluationCurve(events)];
}

function stepCurves(events: readonly Event[]): Plot[] {
  const series = new Map<string, { x: number; y: number }[]>();
  for (const { from, series: recorded } of eventsOf(events, "metrics")) {
    for (const [name, values] of Object.entries(recorded)) {
      const points = series.get(name) ?? [];
      values.forEach((y, i) => points.push({ x: from + i + 1, y }));
      series.set(name, points);
    }
  }
  return [...series].filter(([, points]) => points.length > 0).map(([name, points], i) => {
    const width = Math.ceil(points.length / POINTS);
    const drawn = averaged(points, width);
    const detail = width === 1 ? "one point a step" : `each point is the mean of ${width} steps in a row`;
    return {
      name: i === 0 ? "steps" : `steps-${i + 1}`,
      caption: `${name} over ${points.length.toLocaleString("en-US")} steps; ${detail}.`,
      spec: lines([{ name, points: drawn }], { x: "step", y: name, points: drawn.length < 3 }),
    };
  });
}

/** Means of `width` points in a row; the last may be of fewer. */
export function averaged(
  points: readonly { readonly x: number; readonly y: number }[],
  width: number,
): { x: number; y: number }[] {
  const groups = Array.from(
    { length: Math.ceil(points.length / width) },
    (_, i) => points.slice(i * width, (i + 1) * width),
  );
  return groups.map((g) => ({ x: mean(g.map((p) => p.x)), y: mean(g.map((p) => p.y)) }));
}

/** What was evaluated at least twice under one protocol; a value under another protocol is another curve. */
function evaluationCurve(events: readonly Event[]): Plot[] {
  const series = new Map<string, { value: string; protocol: string[]; points: { x: number; y: number }[] }>();
  for (const { step, protocol, values } of eventsOf(events, "eval")) {
    for (const [value, y] of Object.entries(values)) {
      const words = Object.entries(protocol).map(([key, v]) => `${key} ${v}`);
      const key = JSON.stringify([value, words]);
      const known = series.get(key) ?? { value, protocol: words, points: [] };
      known.points.push({ x: step, y });
      series.set(key, known);
    }
  }
  const drawn = [...series.values()].filter(({ points }) => points.length > 1);
  if (drawn.length === 0) return [];
  const shared = drawn[0]!.protocol.filter((word) => drawn.every((d) => d.protocol.includes(word)));
  const curves = drawn.map(({ value, protocol, points }) => ({
    name: [value, ...protocol.filter((word) => !shared.includes(word))].join(", "),
    points,
  }));
  const protocol = shared.length === 0 ? "" : ` (${shared.join(", ")})`;
  return [{
    name: "evaluations",
    caption: `${curves.map((c) => c.name).join("; ")}${protocol} over steps; accuracies in percent.`,
    spec: lines(curves, { x: "step", y: curves.length === 1 ? drawn[0]!.value : "value" }),
  }];
}
