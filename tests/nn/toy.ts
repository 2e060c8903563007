/** A step whose gradients are its inputs: loss = sum of <w_k, x_k>. What optimizers and state effects are tested on. */
import { plan } from "../../src/gpu/planner.ts";
import { Session } from "../../src/gpu/session.ts";
import { gradients, type Objective, pinGradients } from "../../src/nn/grad.ts";
import { guard } from "../../src/nn/guard.ts";
import { metrics } from "../../src/nn/metrics.ts";
import { applyOptimizer, type OptimizerSpec } from "../../src/nn/optimizers.ts";
import { groupParameters } from "../../src/nn/optimizers/groups.ts";
import type { Trained } from "../../src/nn/spans.ts";
import { dotWith } from "../../src/nn/ops/reduce.ts";
import { Scope } from "../../src/nn/scope.ts";
import { initialise } from "../../src/nn/state.ts";
import { type ParameterKind, Trace, type Value } from "../../src/nn/trace.ts";
import { randomData, testDevice } from "./check_op.ts";

/** Tensors of the toy: sizes off every boundary, one longer than a span, two of them like norms or biases. */
export const TENSORS: readonly { name: string; shape: number[]; kind: ParameterKind }[] = [
  { name: "a", shape: [5], kind: "vector" },
  { name: "b", shape: [70, 130], kind: "dense" },
  { name: "c", shape: [3, 3, 7], kind: "dense" },
  { name: "d", shape: [257], kind: "vector" },
];

export interface Toy {
  readonly t: Trace;
  readonly s: Scope;
  readonly objective: Objective;
  /** Parameters in the order of TENSORS. */
  readonly weights: readonly Value[];
  /** Inputs that are their gradients. */
  readonly inputs: readonly Value[];
  /** A parameter that nothing trains. */
  readonly still: Value;
}

export function toy(): Toy {
  const t = new Trace();
  const s = Scope.root(t);
  const uniform = (draw: { uniform(): number }, size: number) =>
    Float32Array.from({ length: size }, () => 2 * draw.uniform() - 1);
  const still = s.parameter("still", [9], "vector", uniform);
  const weights = TENSORS.map(({ name, shape, kind }) => s.parameter(name, shape, kind, uniform));
  const inputs = TENSORS.map(({ name, shape }) => t.input(`gradient of ${name}`, shape));
  return { t, s, objective: { loss: dotWith(t, weights, inputs), wrt: weights }, weights, inputs, still };
}

/** Everything behind the forward pass, as `buildStep` records it for a method. */
export function completeStep(
  t: Trace,
  objectives: readonly Objective[],
  { optimizer, readEvery = 8 }: { optimizer: OptimizerSpec; readEvery?: number },
): Trained[] {
  const grads = gradients(t, objectives);
  groupParameters(t, optimizer, grads.keys());
  const arenas = new Set([...grads.keys()].flatMap((v) => v.arena ?? []));
  const trained = [...arenas].map((params) => ({ params, grads: pinGradients(t, params, grads) }));
  guard(t, objectives.map((o) => o.loss), trained);
  metrics(t, Object.fromEntries(objectives.map((o, i) => [`loss${i}`, o.loss])), readEvery);
  t.recordBeforeUpdate();
  applyOptimizer(t, optimizer, trained);
  t.recordLater();
  return trained;
}

/** The gradient the toy is fed at a step. */
export function toyGradient(k: number, step: number, size: number): Float32Array<ArrayBuffer> {
  return randomData(size, 1000 + 10 * step + k);
}

/** Binds the recorded program, writes initial values, and hands the session to `body`. */
export async function withSession<T>(t: Trace, body: (session: Session) => Promise<T>): Promise<T> {
  const session = await Session.bind(await testDevice(), plan(t.program));
  try {
    initialise(session, t, 7);
    return await body(session);
  } finally {
    session.close();
  }
}

/** Replays steps `from` to `to` (not included) of the toy. */
export function runToy({ t, inputs }: Toy, session: Session, from: number, to: number): void {
  for (let step = from; step < to; step++) {
    inputs.forEach((x, k) => session.write(x, toyGradient(k, step, x.size)));
    session.replay({ scalars: t.scalarsAt(step) });
  }
}
