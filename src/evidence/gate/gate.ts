/** The regression gate: measures, compares with the committed baselines, or replaces them. */
import { join } from "node:path";
import { projectRoot } from "../../base/project_root.ts";
import { failure } from "../../base/error.ts";
import { Device } from "../../gpu/device.ts";
import { PLANS_FILE, readBaselines } from "./baseline.ts";
import { type GateReport, judge } from "./judge.ts";
import { measurePlans, measureRuns } from "./measure.ts";
import type { Measurement } from "./measurement.ts";
import { type PlanCase, planCases, RUN_CASES, type RunCases } from "./smoke.ts";
import { updateBaselines } from "./update.ts";

export interface GateRequest {
  /** Plans need no adapter. */
  readonly only?: "plans" | "runs";
  /** Folder of the baselines. */
  readonly baselines: string;
  /** Replace the baselines instead of judging by them. */
  readonly update: boolean;
  /** Keep the run folders here; a temporary folder otherwise. */
  readonly out?: string;
  readonly say: (line: string) => void;
  /** What to run; the project's own cases unless told. */
  readonly plans?: readonly PlanCase[];
  readonly runs?: RunCases;
}

/** Where the project's baselines lie. */
export const BASELINES = join(projectRoot(), "reports/baselines");

/** Measures and judges, or updates. Baselines are read first: a broken file is reported before anything runs. */
export async function runGate(
  request: GateRequest,
): Promise<
  { readonly report: GateReport } | { readonly files: readonly string[]; readonly difference: string }
> {
  const { only, baselines: folder, update, say } = request;
  const known = await readBaselines(folder);
  if (!update && !known.plans && known.runs.size === 0) {
    throw failure({
      operation: "gate",
      object: `against "${folder}"`,
      required: `the folder must hold ${PLANS_FILE} or a baseline of runs`,
      found: "none",
      wayOut: "./run gate --update measures this version and stores it as the baseline",
    });
  }
  const measured: Measurement = {
    plans: only === "runs" ? undefined : await measurePlans(request.plans ?? planCases()),
    runs: only === "plans" ? undefined : await onDevice(request, say),
  };
  if (update) return await updateBaselines(folder, measured, known);
  return { report: judge(measured, known) };
}

async function onDevice(request: GateRequest, say: (line: string) => void): Promise<Measurement["runs"]> {
  const cases = request.runs ?? RUN_CASES;
  const device = await Device.open();
  const folder = request.out ?? await Deno.makeTempDir({ prefix: "assay-gate-" });
  try {
    return await measureRuns(device, cases, folder, say);
  } finally {
    device.close();
    if (request.out === undefined) await Deno.remove(folder, { recursive: true });
  }
}
