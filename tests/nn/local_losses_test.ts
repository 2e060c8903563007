/** Local losses on the GPU: `gradients` over one shared forward pass against a trace of its own for every unit. */
import assert from "node:assert/strict";
import { lifetimes, plan } from "../../src/gpu/planner.ts";
import type { Program } from "../../src/gpu/program.ts";
import { Session } from "../../src/gpu/session.ts";
import { encoderByName } from "../../src/nn/encoders/table.ts";
import { gradients } from "../../src/nn/grad.ts";
import type { Method } from "../../src/nn/method.ts";
import { relu, stopGradient } from "../../src/nn/ops/elementwise.ts";
import { matmul } from "../../src/nn/ops/matmul.ts";
import { mean } from "../../src/nn/ops/reduce.ts";
import { buildStep, type Step } from "../../src/nn/step.ts";
import { Trace, type Value } from "../../src/nn/trace.ts";
import { randomData, testDevice } from "./check_op.ts";
import { localSimclr } from "./local_method.ts";

const STAGES = 4, BATCH = 6, WIDTH = 8;

/** Inputs of a trace: the batch, the weights of every stage, a decoder per unit. The same data in every trace. */
function stack(): { t: Trace; x: Value; stages: Value[]; decoders: Value[] } {
  const t = new Trace();
  const matrix = (name: string) => t.input(name, [WIDTH, WIDTH]);
  return {
    t,
    x: t.input("x", [BATCH, WIDTH]),
    stages: Array.from({ length: STAGES }, (_, i) => matrix(`stage${i}`)),
    decoders: Array.from({ length: STAGES - 1 }, (_, i) => matrix(`decoder${i}`)),
  };
}

const stage = (t: Trace, h: Value, w: Value) => relu(t, matmul(t, h, w));
const loss = (t: Trace, h: Value, decoder: Value) => mean(t, relu(t, matmul(t, h, decoder)));

async function read(t: Trace, wanted: readonly Value[]): Promise<number[][]> {
  wanted.forEach((v) => t.program.output(v));
  const session = await Session.bind(await testDevice(), plan(t.program));
  try {
    let seed = 40;
    for (const input of t.inputs.values()) session.write(input, randomData(input.size, seed++));
    session.replay();
    const found: number[][] = [];
    for (const value of wanted) found.push([...await session.read(value)]);
    return found;
  } finally {
    session.close();
  }
}

/** Unit u is stages u and u + 1; one pass, no stop-gradient, each loss differentiated by its own stages. */
async function shared(lists: (u: number) => readonly number[]): Promise<number[][]> {
  const { t, x, stages, decoders } = stack();
  const maps: Value[] = [x];
  for (const w of stages) maps.push(stage(t, maps.at(-1)!, w));
  const objectives = decoders.map((d, u) => ({
    loss: loss(t, maps[u + 2]!, d),
    wrt: lists(u).map((k) => stages[k]!),
  }));
  const found = gradients(t, objectives);
  return await read(t, stages.map((w) => found.get(w)!));
}

/** The same with a trace per unit whose input is detached; sums taken on the host. */
async function separate(): Promise<number[][]> {
  const total = Array.from({ length: STAGES }, () => new Array<number>(WIDTH * WIDTH).fill(0));
  for (let u = 0; u < STAGES - 1; u++) {
    const { t, x, stages, decoders } = stack();
    let h = stages.slice(0, u).reduce((v, w) => stage(t, v, w), x);
    if (u > 0) h = stopGradient(t, h);
    const own = [stages[u]!, stages[u + 1]!];
    const l = loss(t, own.reduce((v, w) => stage(t, v, w), h), decoders[u]!);
    const found = gradients(t, [{ loss: l, wrt: own }]);
    (await read(t, own.map((w) => found.get(w)!))).forEach((g, i) =>
      g.forEach((v, j) => total[u + i]![j]! += v)
    );
  }
  return total;
}

function farthest(a: readonly number[][], b: readonly number[][]): number {
  return Math.max(...a.flatMap((g, i) => g.map((v, j) => Math.abs(v - b[i]![j]!))));
}

Deno.test("gradients over a shared pass equal those of a detached pass per unit, and only with the right lists", async () => {
  const reference = await separate();
  const size = Math.max(...reference.flat().map(Math.abs));
  const right = await shared((u) => [u, u + 1]);
  // The same kernels on the same numbers; only the sum of two gradients is rounded once more, in f32.
  assert.ok(farthest(right, reference) <= 2 ** -22 * size, `${farthest(right, reference)} of ${size}`);
  const leaking = await shared((u) => u === 0 ? [0, 1] : [u - 1, u, u + 1]);
  assert.ok(farthest(leaking, reference) > 1e-2 * size, "a list that reaches below the unit");
});

/** The step of ResNet-50 on two views of 256 images of 224 pixels; planning needs no device. */
function large(method: Method): Step {
  return buildStep({
    method,
    setup: { batch: 256, classes: 1, encoder: (s) => encoderByName("resnet50", s, { image: 224 }) },
    image: 224,
    optimizer: { kind: "sgd", lr: 0.1, momentum: 0.9 },
  });
}

Deno.test("local units that overlap by one stage plan 1.25 times below one loss, isolated ones below those", () => {
  const [joint, overlapping, isolated] = [4, 2, 1].map((span) => plan(large(localSimclr(span)).program));
  const ratio = joint!.peakBytes / overlapping!.peakBytes;
  assert.ok(ratio >= 1.25, `${ratio}`);
  assert.ok(isolated!.peakBytes < overlapping!.peakBytes, `${isolated!.peakBytes}`);
});

/**
 * What no plan of these dispatches in this order can go below when only `cheap` values are computed again: the others
 * live until they are read last, and a dispatch has what it reads and writes.
 */
function elementwiseBound(program: Program): number {
  const lives = lifetimes(program.dispatches, program.outputs);
  const cheap = new Set(program.dispatches.filter((d) => d.cheap).flatMap((d) => [...d.write.values()]));
  const change = new Float64Array(program.dispatches.length + 2);
  for (const { value, first, last } of lives.filter((l) => !cheap.has(l.value))) {
    change[first]! += value.bytes;
    change[last + 1]! -= value.bytes;
  }
  let live = 0, most = 0;
  program.dispatches.forEach((d, i) => {
    live += change[i]!;
    const bound = new Set([...d.read.values(), ...d.write.values()].filter((v) => cheap.has(v)));
    most = Math.max(most, live + [...bound].reduce((sum, v) => sum + v.bytes, 0));
  });
  return most;
}

Deno.test("without a convolution computed again overlapping units could not plan 1.25 times below one loss", () => {
  const joint = plan(large(localSimclr(4)).program);
  const { trace: t } = large(localSimclr(2));
  const pinned = t.program.arenas.reduce((sum, arena) => sum + arena.bytes, 0);
  const ratio = joint.peakBytes / (pinned + elementwiseBound(t.program));
  assert.ok(ratio < 1.25, `${ratio}`);
});
