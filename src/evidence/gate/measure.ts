/** Runs what the gate compares: plans anywhere, trainings on a device, each in a run folder of its own. */
import { join } from "node:path";
import { AssayError } from "../../base/error.ts";
import type { Dataset } from "../../data/load.ts";
import { encoderTensors, extractFeatures } from "../../eval/features.ts";
import { knn } from "../../eval/knn.ts";
import type { Device } from "../../gpu/device.ts";
import { canonical } from "../../base/canonical.ts";
import { adapterClass, describeEnvironment } from "../../record/environment.ts";
import type { Event } from "../../record/events.ts";
import { headCompanion } from "../../train/head/companion.ts";
import { loadMethod } from "../../repro/method_files.ts";
import { loadSplit } from "../../train/load_split.ts";
import type { RunSpec } from "../../record/spec.ts";
import { train, type TrainOptions } from "../../train/train.ts";
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
 * Trains every method with every seed; `folder` gets `<method>-seed<k>/`. Methods take turns, so that what else the
 * machine does falls on all. A run that fails ends its method, not the gate.
 */
export async function measureRuns(
  device: Device,
  cases: RunCases,
  folder: string,
  say: (line: string) => void,
): Promise<NonNullable<Measurement["runs"]>> {
  const data = { train: await loadSplit(cases.train), test: await loadSplit(cases.test) };
  const environment = `${canonical(await describeEnvironment(device.fingerprint))}\n`;
  const methods = Object.keys(cases.preset.methods);
  const logs = new Map<string, (readonly Event[])[]>(methods.map((method) => [method, []]));
  const failures = new Map<string, string>();
  for (const [i, seed] of cases.seeds.entries()) {
    say(`Seed ${i + 1} of ${cases.seeds.length}: ${methods.filter((m) => !failures.has(m)).join(", ")}`);
    for (const method of methods) {
      if (failures.has(method)) continue;
      const spec = runSpecOf(cases, method, seed, data.train.labels.length);
      const at = join(folder, `${method}-seed${seed}`);
      await Deno.mkdir(at, { recursive: true });
      await Deno.writeTextFile(join(at, "environment.json"), environment);
      try {
        const events = await train(device, spec, {
          folder: at,
          method: await loadMethod(method),
          data: data.train,
          also: { test: data.test },
          evaluate: evaluatorOf(device, spec, data),
          companion: headCompanion(at),
        });
        logs.get(method)!.push(events);
      } catch (error) {
        if (!(error instanceof AssayError)) throw error;
        failures.set(method, `seed ${seed}: ${error.message}`);
      }
    }
  }
  return {
    adapter: device.fingerprint,
    adapterClass: adapterClass(device.fingerprint),
    methods: methods.map((method) => {
      const problem = failures.get(method);
      return problem === undefined ? measured(method, cases, data, logs.get(method)!) : { method, problem };
    }),
  };
}

interface Splits {
  readonly train: Dataset;
  readonly test: Dataset;
}

function measured(
  method: string,
  cases: RunCases,
  data: Splits,
  logs: readonly (readonly Event[])[],
): MeasuredRuns | FailedRuns {
  const numbers = logs.map(numbersOf);
  const spec = runSpecOf(cases, method, 0, data.train.labels.length);
  const hashes = { train: data.train.hashes.pixels, test: data.test.hashes.pixels };
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

/** Weighted kNN on the encoder's features, as often as the specification says; not before the first step. */
function evaluatorOf(device: Device, spec: RunSpec, data: Splits): NonNullable<TrainOptions["evaluate"]> {
  const { k, T } = spec.evaluation;
  return async ({ steps, session, step }) => {
    if (steps === 0) return [];
    const weights = await encoderTensors(session, step.trace);
    const of = async (split: Dataset) => ({
      features: await extractFeatures(device, spec, weights, split),
      labels: split.labels,
    });
    const task = {
      train: await of(data.train),
      test: await of(data.test),
      classes: data.train.classes.length,
    };
    const [result] = await knn(device, task, [{ k, T }]);
    const protocol = { probe: "knn", features: "encoder", k, T, dataset: data.test.name };
    return [{ protocol, values: { top1: 100 * result!.accuracy } }];
  };
}
