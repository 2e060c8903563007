/**
 * A small residual network with batch norm and ReLU, its Hessian-vector products in f64, and what central differences
 * on the adapter make of them. Used by the tests and by bench/difference_step.ts.
 */
import { plan } from "../../src/gpu/planner.ts";
import { Session } from "../../src/gpu/session.ts";
import { gradients, pinGradients } from "../../src/nn/grad.ts";
import { HessianVector } from "../../src/nn/implicit.ts";
import { interpret } from "../../src/nn/interpret.ts";
import { conv2d } from "../../src/nn/ops/conv.ts";
import { reshape } from "../../src/nn/ops/elementwise.ts";
import { matmul } from "../../src/nn/ops/matmul.ts";
import { batchNorm } from "../../src/nn/ops/norm.ts";
import { dot } from "../../src/nn/ops/reduce.ts";
import { Scope } from "../../src/nn/scope.ts";
import { initialise } from "../../src/nn/state.ts";
import { type Initialiser, Trace, type Value } from "../../src/nn/trace.ts";
import type { Trained } from "../../src/nn/spans.ts";
import { randomData, testDevice } from "./check_op.ts";

const BATCH = 6, SIDE = 5, C = 4, CLASSES = 3;

export interface CurvedNet {
  readonly t: Trace;
  readonly loss: Value;
  readonly trained: Trained;
  readonly wrt: readonly Value[];
  readonly runningMean: Value;
}

/** conv, BN, ReLU, conv, BN + residual, ReLU, dense, BN, inner product with a target; smooth without its ReLUs. */
export function curvedNet(relu: boolean): CurvedNet {
  const t = new Trace({ target: { lanes: 0 } });
  const s = Scope.root(t);
  const scaled = (fan: number): Initialiser => (draw, n) =>
    Float32Array.from({ length: n }, () => draw.normal() * Math.sqrt(2 / fan));
  const constant = (value: number): Initialiser => (_draw, n) => new Float32Array(n).fill(value);
  const x = t.input("x", [BATCH, SIDE, SIDE, 3]);
  const target = t.input("target", [BATCH, CLASSES]);
  const norm = (x: Value, name: string, residual?: Value, last = false) => {
    const c = x.shape.at(-1)!;
    return batchNorm(t, x, {
      gamma: s.parameter(`${name}.gamma`, [c], "vector", constant(1)),
      beta: s.parameter(`${name}.beta`, [c], "vector", constant(0.1)),
      runningMean: s.state(`${name}.mean`, [c], constant(0)),
      runningVariance: s.state(`${name}.variance`, [c], constant(1)),
    }, { mode: "train", relu: relu && !last, residual });
  };
  const a = norm(conv2d(t, x, s.parameter("conv1", [3, 3, 3, C], "conv", scaled(27)), { padding: 1 }), "bn1");
  const w2 = s.parameter("conv2", [3, 3, C, C], "conv", scaled(9 * C));
  const b = norm(conv2d(t, a, w2, { padding: 1 }), "bn2", a);
  const features = SIDE * SIDE * C;
  const w3 = s.parameter("dense", [features, CLASSES], "dense", scaled(features));
  const z = norm(matmul(t, reshape(t, b, [BATCH, features]), w3), "bn3", undefined, true);
  const loss = dot(t, z, target, 1 / BATCH);
  const wrt = s.parameters();
  const grads = gradients(t, [{ loss, wrt }]);
  const trained = { params: s.arena, grads: pinGradients(t, s.arena, grads) };
  t.recordLater();
  t.program.output(loss);
  return { t, loss, trained, wrt, runningMean: t.states.get("bn1.mean")!.value };
}

/** Binds the net with fixed parameters and inputs. */
export async function withCurvedNet<T>(
  relu: boolean,
  body: (net: CurvedNet, session: Session) => Promise<T>,
): Promise<T> {
  const net = curvedNet(relu);
  const session = await Session.bind(await testDevice(), plan(net.t.program));
  try {
    initialise(session, net.t, 3);
    for (const [i, input] of [...net.t.inputs.values()].entries()) {
      session.write(input, randomData(input.size, 40 + i));
    }
    return await body(net, session);
  } finally {
    session.close();
  }
}

/** Direction of the products, the same scale as the parameters of each tensor. */
export function directionOf(value: Value): Float32Array<ArrayBuffer> {
  return randomData(value.size, 500 + value.label.length);
}

/** Pinned values of the net in f64. */
export async function feedsOf(net: CurvedNet, session: Session): Promise<Map<Value, Float64Array>> {
  const pinned = [...net.t.inputs.values()];
  for (const { value } of [...net.t.parameters.values(), ...net.t.states.values()]) pinned.push(value);
  const feeds = new Map<Value, Float64Array>();
  for (const value of pinned) feeds.set(value, Float64Array.from(await session.read(value)));
  return feeds;
}

/**
 * (g(w + eps v) - g(w - eps v)) / (2 eps) by parameter name, everything in f64. g is itself a central difference of the
 * interpreted loss with step 1e-6: its rounding, 1e-16 / 1e-6, leaves the product right to about 1e-10 / eps.
 */
export function referenceProduct(
  net: CurvedNet,
  feeds: ReadonlyMap<Value, Float64Array>,
  eps: number,
): Map<string, Float64Array> {
  const d = 1e-6;
  const sides = [1, -1].map((sign) => {
    const copy = new Map(feeds);
    for (const w of net.wrt) {
      const v = directionOf(w);
      copy.set(w, feeds.get(w)!.map((x, i) => x + sign * eps * v[i]!));
    }
    return copy;
  });
  const slopeAt = (side: Map<Value, Float64Array>, w: Value, i: number): number => {
    const data = side.get(w)!;
    const before = data[i]!;
    const f = [1, -1].map((sign) => {
      data[i] = before + sign * d;
      return interpret(net.t, side, [net.loss])[0]![0]!;
    });
    data[i] = before;
    return (f[0]! - f[1]!) / (2 * d);
  };
  return new Map(net.wrt.map((w) => [
    w.label,
    Float64Array.from(
      { length: w.size },
      (_, i) => (slopeAt(sides[0]!, w, i) - slopeAt(sides[1]!, w, i)) / (2 * eps),
    ),
  ]));
}

export type Tensors = ReadonlyMap<string, ArrayLike<number>>;

/** |got - expected| / |expected| over all tensors. */
export function relativeError(got: Tensors, expected: Tensors): number {
  let error = 0, norm = 0;
  for (const [name, e] of expected) {
    for (let i = 0; i < e.length; i++) {
      error += (got.get(name)![i]! - e[i]!) ** 2;
      norm += e[i]! ** 2;
    }
  }
  return Math.sqrt(error / norm);
}

/** The adapter's product and the eps it used. */
export async function adapterProduct(
  net: CurvedNet,
  session: Session,
  radius?: number,
): Promise<{ product: Map<string, Float32Array>; eps: number }> {
  const hv = await HessianVector.bind(session, net.trained, radius === undefined ? {} : { radius });
  try {
    for (const w of net.wrt) hv.session.write(hv.direction.get(w.label)!, directionOf(w));
    hv.run(() => session.replay({ freeze: true }));
    const product = new Map<string, Float32Array>();
    for (const [name, value] of hv.product) product.set(name, await hv.session.read(value));
    return { product, eps: (await hv.session.read(hv.size))[0]! };
  } finally {
    hv.close();
  }
}
