/**
 * Parameter groups, as an optimizer's specification asks for them: parts of the network with numbers of their own, and norms and
 * biases where a rule leaves them out. A group's parameters lie side by side in their arena, so that one dispatch updates them.
 */
import { failure } from "../../base/error.ts";
import { nearest } from "../../base/nearest.ts";
import { logicalName } from "../spans.ts";
import type { Parameter, Trace, Value } from "../trace.ts";
import type { OptimizerSpec } from "./spec.ts";

/** What an optimizer does with a group. */
export interface Rule {
  /** The part whose numbers count; undefined: the optimizer's own. */
  readonly part: string | undefined;
  readonly decays: boolean;
  /** LARS: whether the trust ratio applies. */
  readonly adapts: boolean;
}

const VECTORS = " (norms and biases)";

/** The part that all norms and biases are, wherever they lie: a rate of their own, as Barlow Twins' authors have it. */
const NORMS_AND_BIASES = "norms-and-biases";

/** Puts every parameter that is to be trained into its group. Call it before gradients are pinned. Errors: a part of no parameter. */
export function groupParameters(t: Trace, spec: OptimizerSpec, targets: Iterable<Value>): void {
  const wanted = new Set(targets);
  const parameters = [...t.parameters.values()].filter((p) => wanted.has(p.value));
  const parts = Object.keys(spec.parts ?? {});
  for (const part of parts) {
    if (!parameters.some((p) => fits(part, p))) throw missing(part, parameters);
  }
  const split = exempt(spec.exemptDecay) || (spec.kind === "lars" && exempt(spec.exemptAdaptation));
  if (parts.length === 0 && !split) return;
  const groups = new Map(parameters.map((p) => {
    const part = parts.filter((name) => fits(name, p)).sort((a, b) => b.length - a.length)[0] ?? "";
    return [p.value, part + (split && p.kind === "vector" ? VECTORS : "")];
  }));
  for (const arena of new Set(parameters.map((p) => p.value.arena!))) {
    arena.regroup((value, group) => groups.get(value) ?? group);
  }
}

/** The rule of a group that `groupParameters` made. */
export function ruleOf(spec: OptimizerSpec, group: string): Rule {
  const vectors = group.endsWith(VECTORS);
  const part = vectors ? group.slice(0, -VECTORS.length) : group;
  return {
    part: part === "" ? undefined : part,
    decays: !(vectors && exempt(spec.exemptDecay)),
    adapts: !(vectors && spec.kind === "lars" && exempt(spec.exemptAdaptation)),
  };
}

const exempt = (rule: OptimizerSpec["exemptDecay"]): boolean => rule === "norms-and-biases";

function fits(part: string, { value, kind }: Parameter): boolean {
  if (part === NORMS_AND_BIASES) return kind === "vector";
  const name = logicalName(value.label);
  return value.arena!.name === part || name === part || name.startsWith(`${part}.`);
}

function missing(part: string, parameters: readonly Parameter[]): Error {
  const names = [...new Set(parameters.map((p) => logicalName(p.name).split(".")[0]!))];
  const near = nearest(part, names);
  return failure({
    operation: "train",
    object: `part "${part}"`,
    required: "it must be the arena or the path of parameters that are trained",
    found: names.join(", "),
    wayOut: near === undefined ? "name one of these or a path below" : `did you mean "${near}"`,
  });
}
