/** S-DIET's softmax over all rows of a resident head, against the softmax over the rows of the batch. */
import assert from "node:assert/strict";
import { plan } from "../../src/gpu/planner.ts";
import { Session } from "../../src/gpu/session.ts";
import { encoderByName } from "../../src/nn/encoders/table.ts";
import { movesOf } from "../../src/nn/head_rows.ts";
import type { HyperValue } from "../../src/nn/hyper.ts";
import { readReport } from "../../src/nn/metrics.ts";
import { MultistepPlan } from "../../src/nn/multistep.ts";
import { initialise } from "../../src/nn/state.ts";
import { buildStep } from "../../src/nn/step.ts";
import { loadMethod } from "../../src/repro/method_files.ts";
import { testDevice } from "../nn/check_op.ts";
import { signed } from "../nn/hashed.ts";

const BATCH = 6, WIDTH = 5, STEPS = 5;
const ADAMW = { kind: "adamw", lr: 0.01, weightDecay: 0.05 } as const;

/** Losses of steps that see the images 5, 4, ..., 0 each time; rows of the head start alike. */
async function losses(
  images: number,
  hyper: Readonly<Record<string, HyperValue>>,
): Promise<readonly number[]> {
  const gpu = await testDevice();
  const { trace: t, program } = buildStep({
    method: await loadMethod("sdiet"),
    setup: {
      batch: BATCH,
      images,
      hyper: { projector: WIDTH, hidden: 8, ...hyper },
      encoder: (s) => encoderByName("linear", s, { image: 4, dims: [8] }),
    },
    image: 4,
    optimizer: ADAMW,
    target: gpu.target,
  });
  const session = await Session.bind(gpu, plan(program));
  try {
    initialise(session, t, 1);
    const seen = Array.from({ length: BATCH }, (_, i) => BATCH - 1 - i);
    const rows = signed("head", images * WIDTH);
    const parameters = [...t.parameters.values()];
    const resident = parameters.find((p) => p.name === "head.weight");
    if (resident) session.write(resident.value, Float32Array.from(rows));
    const head = t.headRows;
    const own = seen.flatMap((i) => [...rows.slice(i * WIDTH, (i + 1) * WIDTH), ...Array(2 * WIDTH).fill(0)]);
    if (head) session.write(head.rows, Float32Array.from(own));
    const moves = new MultistepPlan({ mode: "lazy", period: 1, ...ADAMW, biasCorrection: true });
    session.write(
      t.inputs.get("view0")!,
      Float32Array.from(seen.flatMap((i) => [...signed(`image ${i}`, 48)])),
    );
    const index = t.inputs.get("index");
    if (index) session.write(index, Uint32Array.from(seen));
    for (let step = 0; step < STEPS; step++) {
      if (head) session.write(head.moves, movesOf(moves, step, seen.map(() => step - 1)));
      session.replay({ scalars: t.scalarsAt(step) });
    }
    return (await readReport(session, t, 0, STEPS)).metrics.loss!;
  } finally {
    session.close();
  }
}

/** Largest relative difference of two lists. */
const apart = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((x, i) => Math.abs(x / b[i]! - 1)));

Deno.test("sdiet over every row is sdiet over the batch when the batch is the whole set", async () => {
  const batch = await losses(BATCH, {});
  // f32 sums in another order, carried through five steps: within 170 roundings.
  const tolerance = 1e-5;
  const every = await losses(BATCH, { softmaxOver: "all" });
  assert.ok(apart(every, batch) < tolerance, `${every} against ${batch}`);
  const more = await losses(BATCH + 1, { softmaxOver: "all" });
  assert.ok(apart(more, batch) > 0.01, "one row more is one class more");
});

Deno.test("sdiet over every row keeps the whole head among its parameters and no rows for a store", async () => {
  const { trace } = buildStep({
    method: await loadMethod("sdiet"),
    setup: {
      batch: BATCH,
      images: 40,
      hyper: { projector: WIDTH, hidden: 8, softmaxOver: "all" },
      encoder: (s) => encoderByName("linear", s, { image: 4, dims: [8] }),
    },
    image: 4,
    optimizer: ADAMW,
  });
  assert.equal(trace.headRows, undefined);
  const head = [...trace.parameters.values()].find((p) => p.name === "head.weight");
  assert.deepEqual(head?.value.shape, [40, WIDTH]);
});
