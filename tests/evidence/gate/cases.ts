/** A measurement and the baseline it would have become, for tests of what compares the two. */
import { adapterClass } from "../../../src/record/environment.ts";
import type { Baselines, RunBaseline } from "../../../src/evidence/gate/baseline.ts";
import type { MeasuredRuns, Measurement } from "../../../src/evidence/gate/measurement.ts";
import { adapter } from "../../record/recorded.ts";

export const DEFINITION = "a".repeat(64);

/** Five seeds of one method, measured. */
export function runs(change: Partial<MeasuredRuns> = {}): MeasuredRuns {
  return {
    method: "sdiet",
    definition: DEFINITION,
    seeds: [0, 1, 2, 3, 4],
    peakBytes: 5000,
    metrics: {
      "kNN top-1": [67.7, 67.6, 67.4, 67.6, 67.3],
      "loss of the last epoch": [1.1, 1.2, 1.15, 1.12, 1.18],
    },
    stepMs: [5, 6, 5, 6, 5],
    ...change,
  };
}

/** A measurement of one plan and one method. */
export function measurement(
  change: { planBytes?: number; run?: Partial<MeasuredRuns>; description?: string } = {},
): Measurement {
  const on = change.description === undefined ? adapter : { ...adapter, description: change.description };
  return {
    plans: [{ id: "simclr", definition: DEFINITION, peakBytes: change.planBytes ?? 1_000_000 }],
    runs: { adapter: on, adapterClass: adapterClass(on), methods: [runs(change.run)] },
  };
}

/** The baselines that `measurement()` gives. */
export function baselines(): Baselines {
  const { method, metrics, seeds, stepMs, peakBytes, definition } = runs();
  const copy = Object.fromEntries(Object.entries(metrics).map(([name, values]) => [name, [...values]]));
  const run: RunBaseline = {
    format: "assay-run-baseline-1",
    adapter,
    adapterClass: adapterClass(adapter),
    runs: { [method]: { definition, seeds: [...seeds], peakBytes, metrics: copy, stepMs: [...stepMs] } },
  };
  return {
    plans: {
      format: "assay-plan-baseline-1",
      plans: { simclr: { definition: DEFINITION, peakBytes: 1_000_000 } },
    },
    runs: new Map([["one.json", run]]),
  };
}
