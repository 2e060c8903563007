/**
 * What every method must do, found by listing src/methods: adding a method adds its tests. A small step of each method
 * runs on the adapter; gradients are checked against differences of the f64 interpreter.
 */
import assert from "node:assert/strict";
import { plan } from "../../src/gpu/planner.ts";
import { type Data, Session } from "../../src/gpu/session.ts";
import { encoderByName } from "../../src/nn/encoders/table.ts";
import { grad } from "../../src/nn/grad.ts";
import { type HyperValue, hyperValues } from "../../src/nn/hyper.ts";
import { interpret } from "../../src/nn/interpret.ts";
import type { Method } from "../../src/nn/method.ts";
import { readReport } from "../../src/nn/metrics.ts";
import { replayOptions } from "../../src/nn/replays.ts";
import { buildStep, type Step } from "../../src/nn/step.ts";
import { Scope } from "../../src/nn/scope.ts";
import { initialise } from "../../src/nn/state.ts";
import { Trace, type Value } from "../../src/nn/trace.ts";
import { loadMethod, methodNames } from "../../src/repro/method_files.ts";
import { randomData, testDevice } from "../nn/check_op.ts";
import { smallHyper } from "./small_hyper.ts";

const BATCH = 8;
const IMAGE = 12;
const CLASSES = 5;

/** A small step: an encoder with convolutions, batch norm and ReLU, 8 images of 12 x 12. */
async function smallStep(method: Method, encoder = "tiny"): Promise<Step> {
  return buildStep({
    method,
    setup: {
      batch: BATCH,
      classes: CLASSES,
      images: 2 * BATCH,
      hyper: smallHyper(method),
      encoder: (s) => encoderByName(encoder, s, { image: IMAGE, width: 0.25 }),
    },
    image: IMAGE,
    // Small enough for losses with weights of 25 (VICReg).
    optimizer: { kind: "sgd", lr: 0.02, momentum: 0.9, weightDecay: 1e-4 },
    target: (await testDevice()).target,
  });
}

/** What the host would write: images, labels, indices; other tensors small and random. */
function feed(step: Step): Map<Value, Data> {
  let seed = 40;
  return new Map([...step.trace.inputs].map(([name, value]): [Value, Data] => {
    if (value.dtype === "u32") {
      const rows = name === "labels" ? CLASSES : 2 * BATCH;
      return [value, Uint32Array.from({ length: value.size }, (_, i) => (3 * i) % rows)];
    }
    return [value, randomData(value.size, seed++)];
  }));
}

async function bound(step: Step, seed = 1): Promise<Session> {
  const session = await Session.bind(await testDevice(), plan(step.program));
  initialise(session, step.trace, seed);
  for (const [value, data] of feed(step)) session.write(value, data);
  return session;
}

async function parametersOf(step: Step, session: Session): Promise<Map<string, Float32Array>> {
  const read = new Map<string, Float32Array>();
  for (const { name, value } of step.trace.parameters.values()) read.set(name, await session.read(value));
  return read;
}

function replay(step: Step, session: Session, from: number, to: number): void {
  for (let k = from; k < to; k++) {
    for (const replay of step.replays) session.replay(replayOptions(step.trace, replay, k));
  }
}

for (const name of methodNames()) {
  Deno.test(`${name} traces, plans what it allocates, and its loss is finite and falls`, async () => {
    const gpu = await testDevice();
    const step = await smallStep(await loadMethod(name));
    const before = gpu.allocatedBytes;
    const session = await bound(step);
    try {
      assert.equal(gpu.allocatedBytes - before, session.plan.peakBytes);
      replay(step, session, 0, 30);
      const { metrics, fault } = await readReport(session, step.trace, 0, 30);
      assert.equal(fault, undefined);
      const total = Array.from(
        { length: 30 },
        (_, k) => Object.values(metrics).reduce((sum, m) => sum + m[k]!, 0),
      );
      assert.ok(total.every(Number.isFinite), `losses ${total}`);
      const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
      // The first two steps fill a queue of two batches, whose random rows were easier to tell apart.
      assert.ok(mean(total.slice(-5)) < mean(total.slice(2, 7)), `losses ${total}`);
    } finally {
      session.close();
    }
  });

  Deno.test(`${name} has the gradients of its objectives, by differences in f64`, async () => {
    const step = await smallStep(await loadMethod(name), "linear");
    const { trace: t } = step;
    const session = await bound(step);
    try {
      const start = await parametersOf(step, session);
      const states = new Map<Value, ArrayLike<number>>();
      for (const { value } of t.states.values()) {
        states.set(value, value.dtype === "u32" ? await session.readU32(value) : await session.read(value));
      }
      const known = new Map<Value, ArrayLike<number>>([...states, ...feed(step)]);
      for (const p of t.parameters.values()) known.set(p.value, start.get(p.name)!);
      // What a stop-gradient lets through is a constant to the gradient, so it stays as it is in the differences too.
      const stopped = t.nodes.filter((n) => n.op === "stopGradient").flatMap((n) => n.outputs);
      interpret(t, known, stopped).forEach((data, i) => known.set(stopped[i]!, data));
      replay(step, session, 0, 1);
      const listed = new Set(step.objectives.flatMap((o) => o.wrt));
      for (const parameter of listed) {
        const arena = t.program.arenas.find((a) => a.name === `${parameter.arena!.name}.grads`)!;
        const place = parameter.arena!.offsetOf(parameter);
        const bytes = await session.readBytes(arena, place, parameter.bytes);
        const got = new Float32Array(bytes.buffer);
        const base = Float64Array.from(known.get(parameter)!);
        for (const i of [0, parameter.size >> 1, parameter.size - 1]) {
          const at = (delta: number): number => {
            const moved = base.slice();
            moved[i]! += delta;
            return step.objectives.filter((o) => o.wrt.includes(parameter))
              .reduce(
                (sum, o) => sum + interpret(t, new Map([...known, [parameter, moved]]), [o.loss])[0]![0]!,
                0,
              );
          };
          const expected = (at(1e-5) - at(-1e-5)) / 2e-5;
          const scale = Math.max(1e-2, ...got.map(Math.abs));
          // f32 rounding through a few hundred additions, and 1e-5 differences of an f64 loss.
          assert.ok(
            Math.abs(got[i]! - expected) <= 2e-4 * scale,
            `${parameter.label}[${i}]: ${got[i]} against ${expected}`,
          );
        }
      }
    } finally {
      session.close();
    }
  });

  Deno.test(`${name} moves only what it lists, and two replays agree bit for bit`, async () => {
    const step = await smallStep(await loadMethod(name));
    const listed = new Set(step.objectives.flatMap((o) => o.wrt).map((v) => v.label));
    const runs: Map<string, Float32Array>[] = [];
    let start = new Map<string, Float32Array>();
    for (let run = 0; run < 2; run++) {
      const session = await bound(step);
      try {
        start = await parametersOf(step, session);
        replay(step, session, 0, 4);
        runs.push(await parametersOf(step, session));
      } finally {
        session.close();
      }
    }
    assert.deepEqual(runs[0], runs[1]);
    for (const [parameter, data] of runs[0]!) {
      const { value } = step.trace.parameters.get(parameter)!;
      if (listed.has(parameter)) {
        assert.notDeepEqual(data, start.get(parameter), `${parameter} is trained`);
      } else if (value.arena!.role === "params") {
        assert.deepEqual(data, start.get(parameter), `${parameter} is in nobody's wrt`);
      }
    }
  });

  Deno.test(`${name} gives every objective at least one parameter, and its name is its file's`, async () => {
    const method = await loadMethod(name);
    assert.equal(method.name, name);
    assert.ok(method.paper.length > 10 && Number.isInteger(method.views) && method.views > 0);
    const step = await smallStep(method);
    for (const objective of step.objectives) assert.ok(objective.wrt.length > 0);
    assert.throws(
      () => grad(step.trace, step.objectives[0]!.loss, [step.trace.value([1], "stranger")]),
      /no path/,
    );
  });

  Deno.test(`${name} asks for every letter that it declares, under some value of its words, and for no other`, async () => {
    const method = await loadMethod(name);
    const asked = new Set<string>();
    const declared = Object.entries(method.hyper);
    // Some letters are read only under another word (a loss without smoothing), so each word is tried in turn.
    const tries = declared.flatMap((
      [letter, { words = [], truth, default: value }],
    ): Record<string, HyperValue>[] => [
      ...words.map((word) => ({ [letter]: word })),
      ...(truth ? [{ [letter]: !value }] : []),
    ]);
    for (const given of [{}, ...tries]) {
      const values = hyperValues(method, { ...smallHyper(method), ...given });
      const hyper = new Proxy(values, {
        getOwnPropertyDescriptor: (target, letter) => {
          asked.add(String(letter));
          return Reflect.getOwnPropertyDescriptor(target, letter);
        },
      });
      const s = Scope.root(new Trace(), {
        batch: BATCH,
        classes: CLASSES,
        images: 2 * BATCH,
        hyper,
        encoder: (s) => encoderByName("linear", s, { image: IMAGE, dims: [8] }),
      });
      const views = Array.from(
        { length: method.views },
        (_, i) => s.batchInput(`view${i}`, [BATCH, IMAGE, IMAGE, 3]),
      );
      method.trace(s, views);
    }
    assert.deepEqual([...asked].sort(), declared.map(([letter]) => letter).sort());
    for (const [letter, { name: full }] of declared) assert.ok(full.length > 2 && full !== letter, letter);
    hyperValues(method, hyperValues(method, {})); // every default is a value that it may have
  });
}
