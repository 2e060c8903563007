/** Runs what the gate compares: plans anywhere, trainings on a device, each in a run folder of its own. */
import { join } from "node:path";
import { AssayError } from "../../base/error.ts";
import type { Device } from "../../gpu/device.ts";
import { adapterClass } from "../../record/environment.ts";
import type { Event } from "../../record/events.ts";
import { Workshop } from "../../repro/train_run.ts";
import {
  type FailedRuns,
  type MeasuredPlan,
  type MeasuredRuns,
  type Measurement,
  numbersOf,
} from "./measurement.ts";
import { definitionOf, type PlanCase, type RunCases, runSpecOf } from "./smoke.ts";

/** Plans every case. Errors of a case end the gate: a step that cannot be planned cannot be trained either. */
export async function measurePlans(cases: readonly PlanCase[]): Promise<MeasuredPlan[]> {
  const plans: MeasuredPlan[] = [];
  for (const { id, request, peakBytes } of cases) {
    plans.push({ id, definition: definitionOf(request), peakBytes: await peakBytes() });
  }
  return plans;
}

/**
 * Trains every method with every seed; `folder` gets `<method>-seed<k>/`. Methods take turns, so that other work on the
 * machine affects all of them alike. A run that fails ends its method, not the gate.
 */
export async function measureRuns(
  device: Device,
  cases: RunCases,
  folder: string,
  say: (line: string) => void,
): Promise<NonNullable<Measurement["runs"]>> {
  const workshop = new Workshop(device, say);
  const methods = Object.keys(cases.methods);
  const logs = new Map<string, (readonly Event[])[]>(methods.map((method) => [method, []]));
  const failures = new Map<string, string>();
  for (const [i, seed] of cases.seeds.entries()) {
    say(`Seed ${i + 1} of ${cases.seeds.length}: ${methods.filter((m) => !failures.has(m)).join(", ")}`);
    for (const method of methods) {
      if (failures.has(method)) continue;
      try {
        const spec = await runSpecOf(cases, method, seed);
        logs.get(method)!.push(
          await workshop.train(join(folder, `${method}-seed${seed}`), spec, { resume: false }),
        );
      } catch (error) {
        if (!(error instanceof AssayError)) throw error;
        failures.set(method, `seed ${seed}: ${error.message}`);
      }
    }
  }
  const measuredMethods = [];
  for (const method of methods) {
    const problem = failures.get(method);
    measuredMethods.push(
      problem === undefined
        ? await measured(method, cases, workshop, logs.get(method)!)
        : { method, problem },
    );
  }
  return {
    adapter: device.fingerprint,
    adapterClass: adapterClass(device.fingerprint),
    methods: measuredMethods,
  };
}

async function measured(
  method: string,
  cases: RunCases,
  workshop: Workshop,
  logs: readonly (readonly Event[])[],
): Promise<MeasuredRuns | FailedRuns> {
  const numbers = logs.map(numbersOf);
  const spec = await runSpecOf(cases, method, 0);
  const data = await workshop.dataOf(spec);
  const hashes = Object.fromEntries(Object.entries(data).map(([use, d]) => [use, d.hashes.pixels]));
  const names = Object.keys(numbers[0]!.metrics);
  return {
    method,
    definition: definitionOf({ spec, hashes }),
    seeds: cases.seeds,
    peakBytes: Math.max(...numbers.map((n) => n.peakBytes)),
    metrics: Object.fromEntries(names.map((name) => [name, numbers.map((n) => n.metrics[name]!)])),
    stepMs: numbers.flatMap((n) => n.stepMs ?? []),
  };
}
