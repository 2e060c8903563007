/** A run's step on a device: plan, session, batches. Advances step by step; writes no events or files. */
import type { Dataset } from "../data/load.ts";
import type { Device } from "../gpu/device.ts";
import { type Plan, plan } from "../gpu/planner.ts";
import { Session } from "../gpu/session.ts";
import { encoderOf } from "../nn/encoders/table.ts";
import { checkpointSteps, lowerHyper, lowerOptimizer, type RunLength, runLength } from "./lower.ts";
import { faultError } from "../nn/guard.ts";
import type { Method } from "../nn/method.ts";
import { readReport } from "../nn/metrics.ts";
import { batchParts, initialOptions, replayOptions } from "../nn/replays.ts";
import { initialise } from "../nn/state.ts";
import { buildStep, READ_EVERY, type Step, type StepConfig } from "../nn/step.ts";
import { Batches, recordViews } from "./batches.ts";
import { writeTeacher } from "./teacher.ts";
import type { EncoderTensors } from "../nn/weights.ts";
import type { RunSpec } from "../record/spec/spec.ts";

/** Rows that are kept outside the device and moved to it with each batch: S-DIET's head store implements this. */
export interface Companion {
  /** Puts what step `step` needs of `indices` into the session. */
  before(step: number, indices: Uint32Array): Promise<void> | void;
  /** The step was submitted. */
  after(step: number): Promise<void> | void;
  /** Makes everything up to step `steps` (not included) durable; the checkpoint before must stay reachable. */
  checkpoint(steps: number): Promise<void>;
  /** The run's own checkpoint of that step is durable too: the one before may be forgotten. */
  commit(steps: number): Promise<void>;
  close(): Promise<void>;
}

/** What of a specification a step is recorded from; `stop` matters to schedules alone. */
export type StepSpec =
  & Pick<RunSpec, "hyper" | "encoder" | "views" | "batch" | "optimizer">
  & Partial<Pick<RunSpec, "stop" | "teacher">>;

/** Records the step of a run. No device is needed: this is also what a plan of the run is made from. */
export function stepOf(
  spec: StepSpec,
  method: Method,
  data: { readonly size: number; readonly images: number; readonly classes: number },
  options: Pick<StepConfig, "target" | "recompute" | "memoryBudget" | "planOptions"> = {},
): Step {
  const { batch, encoder, teacher, views, stop = { epochs: 1 } } = spec;
  const image = Math.max(...views.map((group) => group.size));
  const recorded = (length: RunLength): Step =>
    buildStep({
      method,
      setup: {
        batch: batch / partsOf(spec, method, data.images),
        classes: data.classes,
        images: data.images,
        hyper: lowerHyper(spec.hyper, length),
        encoder: (s) => encoderOf(encoder, s, image),
        ...(teacher && { teacher: (s) => encoderOf(teacher.encoder, s, image) }),
      },
      image,
      optimizer: lowerOptimizer(spec.optimizer, length),
      views: recordViews(views, data.size),
      ...options,
    });
  const step = recorded(runLength({ stop, batch }, data.images));
  // How many steps a budget of gradient evaluations buys is known when it is known how many a step makes.
  return "gradientEvaluations" in stop && step.replays.length > 1
    ? recorded(runLength({ stop, batch }, data.images, step.replays.length))
    : step;
}

/** Parts that the method cuts a step's batch into, one a replay. */
function partsOf({ batch, hyper, stop = { epochs: 1 } }: StepSpec, method: Method, images: number): number {
  return batchParts(method, { batch, hyper: lowerHyper(hyper, runLength({ stop, batch }, images)) });
}

export class Trainer {
  /** Steps submitted so far. */
  steps = 0;
  #read = 0;
  #begun = false;
  readonly #checkpointEvery: number;

  private constructor(
    readonly spec: RunSpec,
    readonly step: Step,
    readonly plan: Plan,
    readonly session: Session,
    readonly batches: Batches,
    readonly length: RunLength,
  ) {
    this.#checkpointEvery = checkpointSteps(spec, length);
  }

  /** Binds a run's step and writes its initial values and its teacher's weights. */
  static async open(
    device: Device,
    spec: RunSpec,
    method: Method,
    data: Dataset,
    teacher?: EncoderTensors,
  ): Promise<Trainer> {
    const shape = { size: data.size, images: data.labels.length, classes: data.classes.length };
    const parts = partsOf(spec, method, shape.images);
    const batches = new Batches(data, spec.batch, spec.views, spec.seed, parts);
    const step = stepOf(spec, method, shape, { target: device.target });
    const planned = plan(step.program, { maxBufferBytes: device.raw.limits.maxBufferSize });
    const session = await Session.bind(device, planned);
    try {
      initialise(session, step.trace, spec.seed);
      writeTeacher(session, step.trace, spec.method, teacher);
    } catch (error) {
      session.close();
      throw error;
    }
    const length = runLength(spec, shape.images, step.replays.length);
    return new Trainer(spec, step, planned, session, batches, length);
  }

  /** Bytes that this run holds on the device. */
  get allocatedBytes(): number {
    return this.session.allocatedBytes;
  }

  get totalSteps(): number {
    return this.length.steps;
  }

  /** Continues from a step whose state was loaded into the session. */
  continueFrom(step: number): void {
    this.steps = this.#read = step;
  }

  /** Whether the state is to be kept after the steps so far. */
  get checkpointDue(): boolean {
    return this.steps % this.#checkpointEvery === 0 || this.steps === this.totalSteps;
  }

  /** Whether losses have to be read before the next step: the ring is full, or an epoch, checkpoint or the run ends. */
  get reportDue(): boolean {
    const { steps } = this;
    return steps % READ_EVERY === 0 || steps % this.batches.stepsPerEpoch === 0 ||
      this.checkpointDue;
  }

  /**
   * Before the first step: the pass of the untrained network over all images, where the method asks for one. What it leaves
   * belongs to the state of step 0. Does nothing the second time, or in a run that goes on from a checkpoint.
   */
  async begin(): Promise<void> {
    const { step: { initial, trace }, batches, session } = this;
    if (!initial || this.#begun || this.steps > 0) return;
    this.#begun = true;
    for (let number = 0; number < batches.initialBatches; number++) {
      batches.writeInitial(session, trace, number);
      session.replay(initialOptions(trace, initial, number));
      if (number % READ_EVERY === READ_EVERY - 1) await session.done();
    }
    await session.done();
  }

  /** Gradient evaluations so far. */
  get gradientEvaluations(): number {
    return this.steps * this.step.replays.length;
  }

  /** Submits the replays of one step. Does not wait for the device. */
  async advance(companion?: Companion): Promise<void> {
    await this.begin();
    await companion?.before(this.steps, this.batches.indices(this.steps));
    let written: number | undefined;
    for (const replay of this.step.replays) {
      const { part = 0 } = replay;
      if (part !== written) this.batches.write(this.session, this.step.trace, this.steps, part);
      written = part;
      this.session.replay(replayOptions(this.step.trace, replay, this.steps));
    }
    this.steps++;
    await companion?.after(this.steps - 1);
  }

  /** Losses and metrics since the last read, by name. Throws when a loss or gradient was not finite. */
  async report(): Promise<{ from: number; to: number; losses: Readonly<Record<string, readonly number[]>> }> {
    const [from, to] = [this.#read, this.steps];
    const { metrics, fault } = await readReport(this.session, this.step.trace, from, to);
    if (fault) throw faultError(fault);
    this.#read = to;
    return { from, to, losses: metrics };
  }

  close(): void {
    this.session.close();
  }
}
