/** Figures of a benchmark run: medians, ratios, agreement between trainers, and the printed table. */
import { markdownTable } from "markdown-table";
import type { Samples, Timing } from "./runner.ts";
import { FLOPS, type WorkloadName } from "./workloads.ts";

export interface Measured {
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly runs: number;
  /** Bytes on the adapter after the last run; null where the trainer does not count them. */
  readonly bytes: number | null;
}

export interface Ours extends Measured {
  /** The same with the result read back and awaited, as the peers are timed. */
  readonly awaitedMedianMs: number;
  readonly gflops: number;
}

export interface Result {
  readonly name: WorkloadName;
  readonly ours: Ours;
  readonly peers: Readonly<Record<string, Measured>>;
  /** Median of the peer over our median. */
  readonly ratios: Readonly<Record<string, number>>;
  /** The same with ours awaited too. */
  readonly awaitedRatios: Readonly<Record<string, number>>;
  /** Largest difference of a compared result from ours, relative to the largest of them. */
  readonly agreement: Readonly<Record<string, number>>;
  /** First and last loss of the compared steps, for the training step. */
  readonly losses?: Readonly<Record<string, readonly [number, number]>>;
}

export interface BenchReport {
  readonly adapter: string;
  readonly runtime: string;
  readonly repeats: number;
  /** Median of awaiting an idle queue: what every awaited figure contains. */
  readonly awaitFloorMs: number;
  readonly results: readonly Result[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function measured(ms: readonly number[], bytes: number | undefined): Measured {
  return {
    medianMs: median(ms),
    minMs: Math.min(...ms),
    maxMs: Math.max(...ms),
    runs: ms.length,
    bytes: bytes ?? null,
  };
}

/** Our figures: submit to completion where the timing has it. */
export function oursOf(name: WorkloadName, timings: readonly Timing[], bytes: number | undefined): Ours {
  const base = measured(timings.map((t) => t.submittedMs ?? t.awaitedMs), bytes);
  const awaitedMedianMs = median(timings.map((t) => t.awaitedMs));
  return { ...base, awaitedMedianMs, gflops: FLOPS[name] / base.medianMs / 1e6 };
}

/** Largest difference of any result, each relative to the largest magnitude of ours. */
export function disagreement(ours: Samples, theirs: Samples): number {
  return Math.max(...ours.map((mine, i) => {
    const other = theirs[i] ?? [];
    const scale = Math.max(...mine.map(Math.abs));
    return mine.length === other.length
      ? Math.max(...mine.map((v, j) => Math.abs(v - other[j]!))) / scale
      : Infinity;
  }));
}

export function table(report: BenchReport): string {
  const peers = Object.keys(report.results[0]?.peers ?? {});
  const ms = (x: number): string => x.toFixed(1);
  const head = ["", "ours, ms", "GFLOP/s", "ours awaited, ms"];
  const rows = report.results.map((r) => [
    r.name,
    ms(r.ours.medianMs),
    r.ours.gflops.toFixed(1),
    ms(r.ours.awaitedMedianMs),
    ...peers.flatMap((p) => [
      ms(r.peers[p]!.medianMs),
      `${r.ratios[p]!.toFixed(1)}x (awaited ${r.awaitedRatios[p]!.toFixed(1)}x)`,
    ]),
  ]);
  return markdownTable([[...head, ...peers.flatMap((p) => [`${p}, ms`, "ratio"])], ...rows]);
}
