import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { option } from "@optique/core/primitives";
import { type DoctorReport, doctorReport } from "../repro/doctor.ts";
import { bytes, count, table } from "../base/text.ts";
import { exitCodes, parseArgs } from "./command.ts";

export const summary =
  "Runtime, adapter, limits, features granted, what this machine can run, and a self-check";

const options = object({ json: option("--json", { description: message`Print JSON.` }) });

export async function run(args: readonly string[]): Promise<number> {
  const { json } = parseArgs({ name: "doctor", summary }, options, args);
  const report = await doctorReport();
  console.log(json ? JSON.stringify(report, null, 2) : readable(report));
  return report.check.passed ? exitCodes.ok : exitCodes.failure;
}

function readable(r: DoctorReport): string {
  const { passed, relativeError, tolerance } = r.check;
  return table([
    ["", "found"],
    ["runtime", r.runtime],
    ["system", `${r.os}, ${r.cpus} CPUs, ${bytes(r.memoryBytes)}`],
    ["adapter", r.adapter.description || r.adapter.device],
    ["vendor", `${r.adapter.vendor} ${r.adapter.architecture}`.trim() || "not reported"],
    ["features granted", r.features.join(", ") || "none"],
    ["kernels", r.kernels],
    ...Object.entries(r.limits).map(([name, n]) => [name, count(n)]),
    [
      "self-check",
      `${passed ? "passed" : "FAILED"}: relative error ${relativeError.toExponential(1)}, allowed ${
        tolerance.toExponential(1)
      }`,
    ],
    ["scales", r.scales.join(", ")],
  ], "ll");
}
