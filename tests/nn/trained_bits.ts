/** A small method trained for two steps on the GPU: what plans of one step are compared by, bit for bit. */
import assert from "node:assert/strict";
import { plan } from "../../src/gpu/planner.ts";
import { Session } from "../../src/gpu/session.ts";
import { encoderByName } from "../../src/nn/encoders/table.ts";
import type { Method } from "../../src/nn/method.ts";
import { initialise } from "../../src/nn/state.ts";
import { buildStep, type Step, type StepConfig } from "../../src/nn/step.ts";
import { testDevice } from "./check_op.ts";
import { signed, words } from "./hashed.ts";

const BATCH = 8, CLASSES = 4, STEPS = 2;

/** The step of a method with a narrow ResNet-18 on eight images of 64 pixels. */
export async function smallStep(method: Method, options: Partial<StepConfig> = {}): Promise<Step> {
  return buildStep({
    method,
    setup: {
      batch: BATCH,
      classes: CLASSES,
      encoder: (s) => encoderByName("resnet18", s, { image: 64, width: 0.125 }),
    },
    image: 64,
    optimizer: { kind: "sgd", lr: 0.01, momentum: 0.9, weightDecay: 1e-4 },
    target: (await testDevice()).target,
    ...options,
  });
}

/** Parameters and state after two steps. What is allocated must be what was planned. */
export async function trainedBits({ trace: t, program }: Step): Promise<Uint8Array[]> {
  const device = await testDevice();
  const planned = plan(program);
  const session = await Session.bind(device, planned);
  try {
    assert.equal(session.allocatedBytes, planned.peakBytes, "allocated and planned bytes");
    initialise(session, t, 1);
    for (let step = 0; step < STEPS; step++) {
      for (const [name, value] of t.inputs) {
        const data = value.dtype === "u32"
          ? words(name, value.size).map((w) => w % CLASSES)
          : Float32Array.from(signed(`${name} ${step}`, value.size));
        session.write(value, data);
      }
      session.replay({ scalars: t.scalarsAt(step) });
    }
    const kept = program.arenas.filter((a) =>
      ["params", "optimizer", "state"].includes(a.role) && a.bytes > 0
    );
    const bits: Uint8Array[] = [];
    for (const arena of kept) bits.push(await session.readBytes(arena));
    const parameters = new Float32Array(bits[0]!.buffer);
    assert.ok(parameters.every(Number.isFinite));
    return bits;
  } finally {
    session.close();
  }
}
