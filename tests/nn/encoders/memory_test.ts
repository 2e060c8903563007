/** Training steps of every encoder: planned bytes are allocated bytes, waste is small, recomputation changes no bit. */
import assert from "node:assert/strict";
import { plan } from "../../../src/gpu/planner.ts";
import { Session } from "../../../src/gpu/session.ts";
import { method } from "../../../src/methods/supervised.ts";
import { encoderByName, encoderNames } from "../../../src/nn/encoders/table.ts";
import { initialise } from "../../../src/nn/state.ts";
import { buildStep } from "../../../src/nn/step.ts";
import { testDevice } from "../check_op.ts";
import { signed, words } from "../hashed.ts";

const BATCH = 4, CLASSES = 10, STEPS = 2;

interface Ran {
  readonly parameters: Uint8Array;
  readonly peakBytes: number;
}

/** Two steps of SGD; the parameters after them. */
async function run(name: string, image: number, width: number, recompute: boolean): Promise<Ran> {
  const device = await testDevice();
  const { trace: t, program } = buildStep({
    method,
    setup: { batch: BATCH, classes: CLASSES, encoder: (s) => encoderByName(name, s, { image, width }) },
    image,
    optimizer: { kind: "sgd", lr: 0.01, momentum: 0.9, weightDecay: 1e-4 },
    recompute,
    target: device.target,
  });
  const planned = plan(program);
  const session = await Session.bind(device, planned);
  try {
    assert.equal(device.allocatedBytes, planned.peakBytes, `${name}: allocated and planned bytes`);
    assert.ok(planned.peakBytes <= 1.05 * planned.lowerBoundBytes, `${name}: waste above 5 %`);
    initialise(session, t, 1);
    session.write(t.inputs.get("labels")!, words("labels", BATCH).map((w) => w % CLASSES));
    for (let step = 0; step < STEPS; step++) {
      const view = t.inputs.get("view0")!;
      session.write(view, Float32Array.from(signed(`view ${step}`, view.size)));
      session.replay({ scalars: t.scalarsAt(step) });
    }
    return {
      parameters: await session.readBytes(t.program.arena("params", "online")),
      peakBytes: planned.peakBytes,
    };
  } finally {
    session.close();
  }
}

for (const name of encoderNames) {
  Deno.test(`recomputation in a training step of ${name} changes no bit, and the plan holds to the byte`, async () => {
    // At 64 pixels every encoder takes its ImageNet stem; the width keeps the heavy ones short.
    const [image, width] = [64, name === "tiny" ? 1 : 0.25];
    const again = await run(name, image, width, true);
    const keptAll = await run(name, image, width, false);
    assert.deepEqual(again.parameters, keptAll.parameters);
    assert.ok(again.peakBytes <= keptAll.peakBytes, "recomputation needs no more bytes");
    const words = new Float32Array(again.parameters.buffer);
    assert.ok(words.every(Number.isFinite));
  });
}
