/** Runs of the index for a terminal. */
import { type Event, eventsOf } from "../events.ts";
import type { Recorded } from "../run_folder.ts";
import { bytes, count, table } from "../../base/text.ts";
import type { RunSummary } from "./summary.ts";

/** One line a run. */
export function renderList(runs: readonly RunSummary[]): string {
  const names = valueNames(runs);
  const rows = runs.map((r) => [
    r.name,
    r.method ?? "",
    r.dataset ?? "",
    `${r.seed ?? ""}`,
    r.status,
    stepsOf(r),
    number(r.loss),
    ...names.map((name) => number(r.values[name])),
    r.peakBytes === null ? "" : bytes(r.peakBytes),
  ]);
  const head = ["run", "method", "dataset", "seed", "status", "steps", "loss", ...names, "peak"];
  const broken = runs.filter((r) => r.problem !== null).map((r) => `${r.name}: ${r.problem}`);
  return [table([head, ...rows], `lllrlrr${"r".repeat(names.length)}r`), ...broken].join("\n");
}

/** Runs as columns, one line a property; hashes by their first digits. */
export function renderComparison(runs: readonly RunSummary[]): string {
  const line = (what: string, of: (r: RunSummary) => string): string[] => [what, ...runs.map(of)];
  const hash = (value: string | null): string => value?.slice(0, 12) ?? "";
  const rows = [
    line("method", (r) => r.method ?? ""),
    line("dataset", (r) => r.dataset ?? ""),
    line("seed", (r) => `${r.seed ?? ""}`),
    line("status", (r) => r.status),
    line("steps", stepsOf),
    line("last loss", (r) => number(r.loss)),
    ...valueNames(runs).map((name) => line(name, (r) => number(r.values[name]))),
    line("peak bytes", (r) => r.peakBytes === null ? "" : count(r.peakBytes)),
    line("planned bytes", (r) => r.plannedBytes === null ? "" : count(r.plannedBytes)),
    line("ms a step", (r) => r.stepMs === null ? "" : r.stepMs.toFixed(1)),
    line("specification", (r) => hash(r.spec)),
    line("program", (r) => hash(r.program)),
    line("last state", (r) => hash(r.state)),
    line("digest", (r) => hash(r.digest)),
    line("adapter", (r) => r.adapter ?? ""),
    line("commit", (r) => hash(r.commit)),
  ];
  return table([line("", (r) => r.name), ...rows], `l${"r".repeat(runs.length)}`);
}

/** One run: its line as a column, its events by kind, its evaluations, states and faults. */
export function renderRun(summary: RunSummary, run: Recorded): string {
  const kinds = new Map<string, number>();
  for (const e of run.events) kinds.set(e.event, (kinds.get(e.event) ?? 0) + 1);
  const evals = eventsOf(run.events, "eval").flatMap((e) =>
    Object.entries(e.values).map((
      [name, value],
    ) => [`${e.epoch}`, count(e.step), name, number(value), told(e)])
  );
  const states = eventsOf(run.events, "checkpoint").map((e) => [
    count(e.step),
    e.state.slice(0, 16),
    e.file,
    bytes(e.bytes),
  ]);
  const faults = eventsOf(run.events, "fault").map((e) => `Fault at step ${e.step}: ${e.message}`);
  return [
    summary.folder,
    "",
    renderComparison([summary]),
    "",
    `Events: ${[...kinds].map(([name, n]) => `${n} ${name}`).join(", ") || "none"}.`,
    ...(evals.length > 0 ? ["", table([["epoch", "step", "value", "", "protocol"], ...evals], "rrlrl")] : []),
    ...(states.length > 0 ? ["", table([["step", "state", "checkpoint", "size"], ...states], "rllr")] : []),
    ...faults,
  ].join("\n");
}

const told = (e: Extract<Event, { event: "eval" }>): string =>
  Object.entries(e.protocol).map(([key, value]) => `${key} ${value}`).join(", ");

function valueNames(runs: readonly RunSummary[]): string[] {
  return [...new Set(runs.flatMap((r) => Object.keys(r.values)))].sort();
}

const stepsOf = (r: RunSummary): string =>
  r.step === null ? "" : r.step === r.steps ? count(r.step) : `${count(r.step)} of ${r.steps ?? "?"}`;

function number(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : String(Number(value.toPrecision(5)));
}
