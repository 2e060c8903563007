/** LARS: momentum SGD whose rate is adapted tensor by tensor, in the two forms that `Lars` names. */
import { Kernel } from "../../gpu/kernel.ts";
import type { Value } from "../../gpu/value.ts";
import larcSource from "../../kernels.wgsl/larc.wgsl" with { type: "text" };
import larsSource from "../../kernels.wgsl/lars.wgsl" with { type: "text" };
import lengthsSource from "../../kernels.wgsl/lengths.wgsl" with { type: "text" };
import sgdSource from "../../kernels.wgsl/sgd.wgsl" with { type: "text" };
import trustSource from "../../kernels.wgsl/trust.wgsl" with { type: "text" };
import { windowOf } from "../spans.ts";
import { ruleOf } from "./groups.ts";
import type { Lars } from "./spec.ts";
import { type Context, rates, stateArena, update } from "./update.ts";

const lars = new Kernel("lars", larsSource);
const larc = new Kernel("larc", larcSource);
const lengthsOf = new Kernel("lengths", lengthsSource);
const trust = new Kernel("trust", trustSource);
const sgd = new Kernel("sgd", sgdSource);

/** Kept off a division by zero, as in solo-learn. */
const EPS = 1e-8;

/** Records LARS over one arena. */
export function recordLars(c: Context<Lars>): void {
  const { momentum = 0.9, eta = 0.001, clipRate = false } = c.spec;
  const states = { v: stateArena(c, "velocity") };
  if (clipRate) {
    const lengths = perTensor(c, {
      kernel: lengthsOf,
      name: "lengths",
      shape: [2],
      decayed: false,
    });
    return update(c, states, (_walk, rule) =>
      rule.adapts
        ? {
          kernel: larc,
          entry: "adapted",
          uniform: { momentum, eta, eps: EPS },
          read: { lengths },
          flops: 8,
        }
        : { kernel: sgd, entry: "heavy", uniform: { momentum }, flops: 6 });
  }
  const ratios = perTensor(c, { kernel: trust, name: "trust", uniform: { eta }, decayed: true });
  update(c, states, (walk, rule) => ({
    kernel: lars,
    entry: rule.adapts ? "adapted" : "plain",
    uniform: { momentum, first: walk.first },
    ...(rule.adapts && { read: { trust: ratios } }),
    flops: 6,
  }));
}

/** What a kernel makes of a tensor's norms. */
interface PerTensor {
  readonly kernel: Kernel;
  /** Of what it writes. */
  readonly name: string;
  /** Of what it writes for each tensor. Default: one number. */
  readonly shape?: readonly number[];
  readonly uniform?: Readonly<Record<string, number>>;
  /** Whether the gradient's norm is that with the decay. */
  readonly decayed: boolean;
}

/** Norms of every trained tensor and its gradient, and what a kernel makes of them; that of tensors not adapted stays unused. */
function perTensor(
  c: Context<Lars>,
  { kernel, name, shape = [], uniform, decayed }: PerTensor,
): Value {
  const { t: { program }, pair: { params, grads }, walks } = c;
  const spans: number[][] = walks.tensors.map(() => []);
  walks.owners.forEach((tensor, span) => spans[tensor]!.push(span));
  const tensors = program.constant(
    `tensors of ${params.name}`,
    Uint32Array.from(spans.flatMap((list) => [list[0]!, list.length])),
  );
  const partial = program.pinned(
    program.arena("optimizer", `${params.name}.norms`),
    [walks.owners.length, 2],
    "f32",
    `partial norms of ${params.name}`,
  );
  for (const walk of walks.walks) {
    const rule = ruleOf(c.spec, walk.group);
    if (!rule.adapts) continue;
    program.dispatch({
      kernel: lars,
      entry: "norms",
      label: `lars norms ${params.name} ${walk.group}`.trim(),
      read: {
        w: windowOf(program, params, walk),
        dw: windowOf(program, grads, walk),
        spans: walk.table,
      },
      update: { partial },
      uniform: {
        ...rates(c, decayed ? rule : { ...rule, decays: false }),
        momentum: 0,
        first: walk.first,
      },
      workgroups: walk.perSpan,
      flops: 6 * walk.elements,
    });
  }
  const value = program.value([walks.tensors.length, ...shape], "f32", `${name} of ${params.name}`);
  program.dispatch({
    kernel,
    label: value.label,
    read: { partial, tensors },
    write: { [name]: value },
    ...(uniform && { uniform }),
    workgroups: [walks.tensors.length],
  });
  return value;
}
