/** Ten losses of DIET and S-DIET against PyTorch in f64: tests/oracles/diet_trajectories.py. */
import assert from "node:assert/strict";
import { plan } from "../../src/gpu/planner.ts";
import { Session } from "../../src/gpu/session.ts";
import { encoderByName } from "../../src/nn/encoders/table.ts";
import { movesOf } from "../../src/nn/head_rows.ts";
import type { HyperValue } from "../../src/nn/hyper.ts";
import { readReport } from "../../src/nn/metrics.ts";
import { type Multistep, MultistepPlan } from "../../src/nn/multistep.ts";
import { initialise } from "../../src/nn/state.ts";
import { buildStep } from "../../src/nn/step.ts";
import { loadMethod } from "../../src/repro/method_files.ts";
import { testDevice } from "../nn/check_op.ts";
import { signed } from "../nn/hashed.ts";

interface Fixture {
  readonly losses: readonly number[];
  /** Largest relative difference of PyTorch's own f32 run. */
  readonly torchError: number;
}

const IMAGES = 24, BATCH = 8, STEPS = 10, WIDTH = 6;
const ADAMW = { kind: "adamw", lr: 0.01, weightDecay: 0.05 } as const;

const batchOf = (step: number): number[] =>
  Array.from({ length: BATCH }, (_, i) => (5 * step + 7 * i) % IMAGES);

/** A parameter as the oracle fills it: PyTorch's layout is [out, in], ours [in, out]. */
function parameterOf(name: string, shape: readonly number[]): Float32Array<ArrayBuffer> {
  const size = shape.reduce((a, b) => a * b, 1);
  const [inputs, outputs] = shape.length === 2 ? [shape[0]!, shape[1]!] : [1, size];
  const u = signed(name, size);
  const offset = name === "projector.1.weight" ? 1 : 0;
  return Float32Array.from(
    { length: size },
    (_, i) => u[(i % outputs) * inputs + Math.floor(i / outputs)]! * 0.5 + offset,
  );
}

async function losses(
  name: string,
  hyper: Readonly<Record<string, HyperValue>>,
  rowsMove?: Multistep,
): Promise<readonly number[]> {
  const gpu = await testDevice();
  const { trace: t, program } = buildStep({
    method: await loadMethod(name),
    setup: {
      batch: BATCH,
      images: IMAGES,
      hyper,
      encoder: (s) => encoderByName("linear", s, { image: 4, dims: [8] }),
    },
    image: 4,
    optimizer: ADAMW,
    target: gpu.target,
  });
  const session = await Session.bind(gpu, plan(program));
  try {
    initialise(session, t, 1);
    for (const { name, value } of t.parameters.values()) session.write(value, parameterOf(name, value.shape));
    const head = t.headRows;
    const rows = Array.from({ length: IMAGES }, (_, i) => {
      const row = new Float32Array(3 * WIDTH);
      row.set(signed("head", IMAGES * WIDTH).slice(i * WIDTH, (i + 1) * WIDTH).map((v) => 0.5 * v));
      return row;
    });
    const lastVisits = rows.map(() => -1);
    const moves = rowsMove && new MultistepPlan(rowsMove);
    for (let step = 0; step < STEPS; step++) {
      const batch = batchOf(step);
      session.write(
        t.inputs.get("view0")!,
        Float32Array.from(batch.flatMap((i) => [...signed(`image ${i}`, 48)])),
      );
      const index = t.inputs.get("index");
      if (index) session.write(index, Uint32Array.from(batch));
      if (head && moves) {
        session.write(head.rows, Float32Array.from(batch.flatMap((i) => [...rows[i]!])));
        session.write(head.moves, movesOf(moves, step, batch.map((i) => lastVisits[i]!)));
      }
      session.replay({ scalars: t.scalarsAt(step) });
      if (head) {
        const after = await session.read(head.rows);
        batch.forEach((i, b) => {
          rows[i] = after.slice(b * 3 * WIDTH, (b + 1) * 3 * WIDTH);
          lastVisits[i] = step;
        });
      }
    }
    return (await readReport(session, t, 0, STEPS)).metrics.loss!;
  } finally {
    session.close();
  }
}

async function check(fixture: string, got: readonly number[]): Promise<void> {
  const url = new URL(`../fixtures/methods/${fixture}.json`, import.meta.url);
  const { losses, torchError } = JSON.parse(await Deno.readTextFile(url)) as Fixture;
  // As close to f64 as five times PyTorch's own f32 run, at least ten roundings of a loss.
  const tolerance = Math.max(5 * torchError, 10 * 2 ** -24);
  losses.forEach((loss, k) =>
    assert.ok(Math.abs(got[k]! / loss - 1) <= tolerance, `step ${k}: ${got[k]} against ${loss}, ${tolerance}`)
  );
}

Deno.test("ten DIET losses are PyTorch's, by cross-entropy and by squared error", async () => {
  await check("diet", await losses("diet", {}));
  await check("diet_mse", await losses("diet", { loss: "mse" }));
});

const SDIET = { projector: WIDTH, hidden: 12, T: 0.1, smoothing: 0.1 };
const ROWS: Multistep = { mode: "lazy", period: 5, lr: ADAMW.lr, weightDecay: ADAMW.weightDecay };

Deno.test("ten S-DIET losses with lazy rows and bias correction are those of torch.optim.AdamW on a dense head", async () => {
  await check("sdiet_lazy", await losses("sdiet", SDIET, { ...ROWS, biasCorrection: true }));
});

Deno.test("ten S-DIET losses with eager rows are those of five steps one after the other", async () => {
  await check("sdiet_eager", await losses("sdiet", SDIET, { ...ROWS, mode: "eager" }));
  await assert.rejects(check("sdiet_eager", await losses("sdiet", SDIET, { ...ROWS, mode: "none" })));
});
