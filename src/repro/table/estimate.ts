/** What a table costs at a scale, before anything runs: runs, arithmetic, and the largest step's bytes. */
import type { Scale } from "../../base/scales.ts";
import { runLength } from "../../train/lower.ts";
import { planSpec } from "../plan_step.ts";
import { chosenOf, settingsFor } from "./choose.ts";
import { columnsOf, countsOf, resolveRuns } from "./resolve.ts";
import type { Table } from "./vocabulary.ts";

export interface Estimate {
  /** Rows by columns by measures. */
  readonly cells: number;
  readonly runs: number;
  /** Floating-point operations of training; evaluations are not counted. */
  readonly flops: number;
  /** Planned bytes of the largest step. */
  readonly peakBytes: number;
}

/** Operations a second that the estimate of time assumes: two CPU cores as table5 at mini took them (105 minutes), one GPU at a guess. */
export const RATES = { "two CPU cores": 1e10, "one GPU": 1e13 } as const;

/** The cost of a whole table at a scale. Pure: no device, no data. Errors: a row without settings there. */
export async function estimateOf(table: Table, scale: Scale): Promise<Estimate> {
  const settings = settingsFor(table, { scale, dataset: undefined, methods: undefined, seeds: undefined });
  let flops = 0, peakBytes = 0, runs = 0;
  for (const { spec } of await resolveRuns(table, chosenOf(table, settings))) {
    const { name, split, perClass } = spec.data.train;
    const { images } = await countsOf(name, split, perClass);
    const step = await planSpec(spec);
    flops += step.flops * runLength(spec, images).steps;
    peakBytes = Math.max(peakBytes, step.peakBytes);
    runs++;
  }
  const cells = Object.keys(table.rows).length * Object.keys(columnsOf(table)).length *
    Object.keys(table.measures).length;
  return { cells, runs, flops, peakBytes };
}

/** `3.4 h` of so many operations at a rate. */
export function timeOf(flops: number, rate: number): string {
  const minutes = flops / rate / 60;
  return minutes < 1
    ? "under 1 min"
    : minutes < 100
    ? `${minutes.toFixed(0)} min`
    : `${(minutes / 60).toFixed(0)} h`;
}
