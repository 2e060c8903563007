/** What a specification says and nothing carries out yet is refused by name before anything is trained. */
import { failure } from "../base/error.ts";
import { probeProtocolNames } from "../eval/protocols.ts";
import type { Method } from "../nn/method.ts";
import type { Probe } from "../record/spec/probe.ts";
import { type RunSpec, viewCount } from "../record/spec/spec.ts";

/** Kinds of probes that evaluations carry out. */
export const IMPLEMENTED_PROBES: ReadonlySet<string> = new Set(["knn", "1-nn", "linear", "collapse"]);

/** Why a probe cannot be taken, if it cannot. */
function problemOf(probe: Probe, uses: readonly string[]): string | undefined {
  if (!IMPLEMENTED_PROBES.has(probe.kind)) return `the probe "${probe.kind}" is not implemented`;
  if (probe.kind === "linear" && probe.protocol !== "lbfgs" && !probeProtocolNames.includes(probe.protocol)) {
    return `the linear protocol "${probe.protocol}" is none of lbfgs, ${probeProtocolNames.join(", ")}`;
  }
  if (probe.kind === "linear" && probe.protocol === "lbfgs" && probe.selection === "best") {
    return 'the linear protocol "lbfgs" has no epochs to select the best of';
  }
  const missing = [probe.train, probe.test].find((use) => !uses.includes(use));
  return missing === undefined
    ? undefined
    : `the probe "${probe.kind}" needs data for the use "${missing}", there is ${uses.join(", ")}`;
}

/** Why a probe is never taken at one of its epochs, if so. */
function lateness({ stop }: RunSpec, probe: Probe): string | undefined {
  if (!("epochs" in stop)) return undefined;
  const late = probe.at.find((moment) => typeof moment === "number" && moment > stop.epochs);
  return late === undefined
    ? undefined
    : `the probe "${probe.kind}" is to be taken after epoch ${late} of a run of ${stop.epochs}`;
}

/** Everything of a specification that cannot be carried out with the method, in words; none for one that can. */
export function problemsOf(
  spec: RunSpec,
  method: Method,
  uses: readonly string[] = Object.keys(spec.data),
): string[] {
  const full = Object.keys(spec.data).find((use) => spec.data[use]!.geometry !== "square");
  const sizes = new Set(spec.views.map((group) => group.size));
  return [
    ...(full === undefined
      ? []
      : [`the geometry "${spec.data[full]!.geometry}" of the data "${full}" is not implemented`]),
    ...(spec.precision === "f32" ? [] : [`the precision "${spec.precision}" is not implemented`]),
    ...(viewCount(spec) === method.views
      ? []
      : [`"${method.name}" takes ${method.views} views, not ${viewCount(spec)}`]),
    ...(sizes.size === 1
      ? []
      : [`"${method.name}" takes views of one size, not of ${[...sizes].join(" and ")}`]),
    ...spec.probes.flatMap((probe) => [problemOf(probe, uses), lateness(spec, probe)])
      .filter((problem) => problem !== undefined),
  ];
}

/** Throws unless everything that the specification says can be carried out. */
export function requireTrainable(spec: RunSpec, method: Method, uses?: readonly string[]): void {
  const problems = problemsOf(spec, method, uses);
  if (problems.length === 0) return;
  throw failure({
    operation: "train",
    object: `"${spec.method}"`,
    required: "everything that its specification says must be implemented",
    found: problems.join("; "),
    wayOut: "change that in the specification",
  });
}
