/** S-DIET on a linear encoder with its rows in a store: the smallest run through store, pipeline and GPU. */
import { plan } from "../../../src/gpu/planner.ts";
import { Session } from "../../../src/gpu/session.ts";
import { encoderByName } from "../../../src/nn/encoders/table.ts";
import { readReport } from "../../../src/nn/metrics.ts";
import type { HyperValue } from "../../../src/nn/hyper.ts";
import type { Multistep } from "../../../src/nn/multistep.ts";
import { initialise } from "../../../src/nn/state.ts";
import { buildStep, type Step } from "../../../src/nn/step.ts";
import { method } from "../../../src/methods/sdiet.ts";
import { HeadPipeline } from "../../../src/train/head/pipeline.ts";
import { HeadStore } from "../../../src/train/head/store.ts";
import type { LinearTask } from "../../nn/dense_head.ts";
import { testDevice } from "../../nn/check_op.ts";

/** Without projector and normalisation, at temperature 1: what `trainLinear` computes in f64. */
export const PLAIN = {
  projector: "none",
  normalise: false,
  normaliseRows: false,
  T: 1,
  smoothing: 0.1,
} as const;

export interface HeadRun {
  readonly step: Step;
  readonly session: Session;
  readonly store: HeadStore;
  readonly pipeline: HeadPipeline;
  /** Images of step k on the GPU, then the step. */
  advance(k: number): Promise<void>;
  losses(from: number, to: number): Promise<readonly number[]>;
  close(): Promise<void>;
}

export interface HeadRunOptions {
  readonly path: string;
  readonly task: LinearTask;
  readonly order: readonly (readonly number[])[];
  readonly multistep: Multistep;
  /** Checkpoint to go on from. Default 0: a new store. */
  readonly from?: number;
  readonly hyper?: Readonly<Record<string, HyperValue>>;
}

export async function headRun(options: HeadRunOptions): Promise<HeadRun> {
  const { path, task, order, multistep, from = 0 } = options;
  const side = Math.sqrt(task.inputs / 3);
  const { lr, weightDecay, eps = 1e-8, biasCorrection = false } = multistep;
  const gpu = await testDevice();
  const step = buildStep({
    method,
    setup: {
      batch: task.batch,
      images: task.images,
      hyper: options.hyper ?? PLAIN,
      encoder: (s) => encoderByName("linear", s, { image: side, dims: [task.features] }),
    },
    image: side,
    optimizer: { kind: "adamw", lr, weightDecay, eps, biasCorrection },
    target: gpu.target,
  });
  const session = await Session.bind(gpu, plan(step.program));
  initialise(session, step.trace, 3);
  const { width } = step.trace.headRows!;
  const spec = { rows: task.images, width, seed: 3, specHash: "5d".repeat(32) };
  const store = await HeadStore.at(path, spec, from);
  const indicesOf = (k: number) => order[k];
  const pipeline = new HeadPipeline({ session, trace: step.trace, store, multistep, indicesOf });
  const view = step.trace.inputs.get("view0")!;
  return {
    step,
    session,
    store,
    pipeline,
    async advance(k) {
      await pipeline.before(k, order[k]!);
      const images = new Float32Array(task.batch * task.inputs);
      order[k]!.forEach((image, b) =>
        images.set(task.x.subarray(image * task.inputs, (image + 1) * task.inputs), b * task.inputs)
      );
      session.write(view, images);
      session.replay({ scalars: step.trace.scalarsAt(k) });
      await pipeline.after(k);
    },
    async losses(from, to) {
      return (await readReport(session, step.trace, from, to)).metrics.loss!;
    },
    async close() {
      await pipeline.close();
      session.close();
    },
  };
}

/** The encoder's matrix, (inputs, features). */
export function encoderOf(run: HeadRun): Promise<Float32Array> {
  return run.session.read(run.step.trace.parameters.get("encoder.layer.weight")!.value);
}
