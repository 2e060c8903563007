/**
 * A whole training step on a small network: convolution, batch norm, momentum encoder, queue, LARS. Run as a script it
 * prints the SHA-256 of all parameters and state after 20 steps, so that two processes can be compared; with the argument
 * `growth` (and V8's --expose-gc) how memory grows over 1,000 replays.
 */
import { createHash } from "node:crypto";
import { plan } from "../../src/gpu/planner.ts";
import { Session } from "../../src/gpu/session.ts";
import { enqueue, rowsOfState } from "../../src/nn/bank.ts";
import type { Encoder } from "../../src/nn/encoder.ts";
import type { Method } from "../../src/nn/method.ts";
import { readReport } from "../../src/nn/metrics.ts";
import { follow } from "../../src/nn/momentum.ts";
import { conv2d } from "../../src/nn/ops/conv.ts";
import { add, relu, reshape, stopGradient } from "../../src/nn/ops/elementwise.ts";
import { softmaxCrossEntropy } from "../../src/nn/ops/loss.ts";
import { matmul } from "../../src/nn/ops/matmul.ts";
import { batchNorm } from "../../src/nn/ops/norm.ts";
import type { Scope } from "../../src/nn/scope.ts";
import { initialise } from "../../src/nn/state.ts";
import { buildStep, type Step } from "../../src/nn/step.ts";
import type { Initialiser, Value } from "../../src/nn/trace.ts";
import { randomData, testDevice } from "./check_op.ts";

export const BATCH = 4, SIDE = 6, WIDTH = 8, QUEUE = 12;

const scaled = (fan: number): Initialiser => (draw, n) =>
  Float32Array.from({ length: n }, () => draw.normal() * Math.sqrt(2 / fan));
const constant = (value: number): Initialiser => (_draw, n) => new Float32Array(n).fill(value);

/** (N, 6, 6, 3) to (N, 8). */
function embed(s: Scope, x: Value): Value {
  const { t } = s;
  const y = conv2d(t, x, s.parameter("conv", [3, 3, 3, 5], "conv", scaled(27)), { stride: 2, padding: 1 });
  const h = batchNorm(t, y, {
    gamma: s.parameter("gamma", [5], "vector", constant(1)),
    beta: s.parameter("beta", [5], "vector", constant(0)),
    runningMean: s.state("mean", [5], constant(0)),
    runningVariance: s.state("variance", [5], constant(1)),
  }, { mode: "train", relu: true });
  const flat = reshape(t, h, [BATCH, h.size / BATCH]);
  return relu(
    t,
    matmul(t, flat, s.parameter("dense", [flat.shape[1]!, WIDTH], "dense", scaled(flat.shape[1]!))),
  );
}

/** A momentum encoder whose keys fill a queue that the next steps' logits read. */
const method: Method = {
  name: "small",
  paper: "none",
  views: 2,
  hyper: {},
  trace(s, [a, b]) {
    const { t } = s;
    const keys = s.inArena("momentum", "momentum");
    const q = embed(s, a!);
    const k = stopGradient(t, embed(keys, b!));
    follow(t, keys.arena, s.arena, 0.9);
    const queue = rowsOfState(s, "queue", QUEUE, WIDTH);
    enqueue(t, queue, k);
    const logits = add(
      t,
      matmul(t, q, queue, { transposeB: true }),
      matmul(t, k, queue, { transposeB: true }),
    );
    return { loss: softmaxCrossEntropy(t, logits, s.labels()), wrt: s.parameters() };
  },
};

export function momentumStep(readEvery = 8): Step {
  return buildStep({
    method,
    setup: {
      batch: BATCH,
      encoder: (): Encoder => {
        throw new Error("this method brings its own");
      },
    },
    image: SIDE,
    optimizer: {
      kind: "lars",
      lr: { kind: "cosine", base: 1, steps: 40, warmup: 5 },
      weightDecay: 1e-4,
      eta: 0.02,
    },
    readEvery,
  });
}

/** Binds the step with initial values. */
export async function bindMomentumStep(step: Step): Promise<Session> {
  const session = await Session.bind(await testDevice(), plan(step.program));
  initialise(session, step.trace, 11);
  return session;
}

/** Replays steps `from` to `to` (not included) on inputs that depend on the step's number alone. */
export function replaySteps(step: Step, session: Session, from: number, to: number): void {
  for (let n = from; n < to; n++) {
    for (const [name, input] of step.trace.inputs) {
      const data = input.dtype === "u32"
        ? Uint32Array.from({ length: input.size }, (_, i) => (5 * n + i) % QUEUE)
        : randomData(input.size, 100 * n + name.length + name.charCodeAt(name.length - 1));
      session.write(input, data);
    }
    session.replay({ scalars: step.trace.scalarsAt(n) });
  }
}

/** SHA-256 over the bits of every parameter and state tensor, in order of their names. */
export async function stateHash(step: Step, session: Session): Promise<string> {
  const named = [...step.trace.parameters.values(), ...step.trace.states.values()];
  const digest = createHash("sha256");
  for (const { name, value } of named.sort((a, b) => a.name < b.name ? -1 : 1)) {
    digest.update(`${name}\n`).update(await session.readBytes(value));
  }
  return digest.digest("hex");
}

/** Growth over 1,000 replays, in bytes: what the device has allocated, its peak, and the process's resident memory. */
async function growth(): Promise<{ allocated: number; peak: number; resident: number }> {
  const step = momentumStep(100);
  const session = await bindMomentumStep(step);
  const collect = (globalThis as { gc?: () => void }).gc!;
  const measure = async (from: number, to: number) => {
    for (let n = from; n < to; n += 100) {
      replaySteps(step, session, n, n + 100);
      const { fault } = await readReport(session, step.trace, n, n + 100);
      if (fault) throw new Error(`fault at step ${fault.step}`);
      collect();
    }
    const { allocatedBytes, peakBytes } = session.device;
    return { allocated: allocatedBytes, peak: peakBytes, resident: Deno.memoryUsage().rss };
  };
  const before = await measure(0, 600); // caches and staging settle
  const after = await measure(600, 1600);
  return {
    allocated: after.allocated - before.allocated,
    peak: after.peak - before.peak,
    resident: after.resident - before.resident,
  };
}

if (import.meta.main) {
  if (Deno.args[0] === "growth") console.log(JSON.stringify(await growth()));
  else {
    const step = momentumStep();
    const session = await bindMomentumStep(step);
    replaySteps(step, session, 0, 20);
    console.log(await stateHash(step, session));
  }
  Deno.exit(0);
}
