/** A run's step on a device: plan, session, batches. Advances step by step; knows nothing of events or files. */
import { recipeViews } from "../data/augment/recipes.ts";
import type { Dataset } from "../data/load.ts";
import type { Device } from "../gpu/device.ts";
import { type Plan, plan } from "../gpu/planner.ts";
import { Session } from "../gpu/session.ts";
import { encoderByName } from "../nn/encoders/table.ts";
import { faultError } from "../nn/guard.ts";
import type { Method } from "../nn/method.ts";
import { readReport } from "../nn/metrics.ts";
import { batchParts, initialOptions, replayOptions } from "../nn/replays.ts";
import { initialise } from "../nn/state.ts";
import { buildStep, READ_EVERY, type Step, type StepConfig } from "../nn/step.ts";
import { Batches, recordViews } from "./batches.ts";
import { writeTeacher } from "./teacher.ts";
import type { EncoderTensors } from "../nn/weights.ts";
import type { RunSpec } from "../record/spec.ts";

/** Rows that live outside the device and travel with each batch: what S-DIET's head store implements. */
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

/** The architecture of a run's teacher, where it has one. */
export interface WithTeacher {
  readonly teacher?: { readonly encoder: RunSpec["encoder"] };
}

/** Records the step of a run. No device is needed: this is also what a plan of the run is made from. */
export function stepOf(
  spec: Pick<RunSpec, "hyper" | "encoder" | "recipe" | "side" | "batch" | "optimizer"> & WithTeacher,
  method: Method,
  data: { readonly size: number; readonly images: number; readonly classes: number },
  options: Pick<StepConfig, "target" | "recompute" | "memoryBudget" | "planOptions"> = {},
): Step {
  const { side, batch, encoder, teacher } = spec;
  return buildStep({
    method,
    setup: {
      batch: batch / batchParts(method, { batch, hyper: spec.hyper }),
      classes: data.classes,
      images: data.images,
      hyper: spec.hyper,
      encoder: (s) => encoderByName(encoder.name, s, { image: side, width: encoder.width }),
      ...(teacher && {
        teacher: (s) => encoderByName(teacher.encoder.name, s, { image: side, width: teacher.encoder.width }),
      }),
    },
    image: side,
    optimizer: spec.optimizer,
    views: recordViews(recipeViews(spec.recipe, method.views), data.size, side),
    ...options,
  });
}

export class Trainer {
  /** Steps submitted so far. */
  steps = 0;
  #read = 0;
  #begun = false;

  private constructor(
    readonly spec: RunSpec,
    readonly step: Step,
    readonly plan: Plan,
    readonly session: Session,
    readonly batches: Batches,
  ) {}

  /** Binds a run's step and writes its initial values and its teacher's weights. */
  static async open(
    device: Device,
    spec: RunSpec & WithTeacher,
    method: Method,
    data: Dataset,
    teacher?: EncoderTensors,
  ): Promise<Trainer> {
    const shape = { size: data.size, images: data.labels.length, classes: data.classes.length };
    const recipes = recipeViews(spec.recipe, method.views);
    const parts = batchParts(method, { batch: spec.batch, hyper: spec.hyper });
    const batches = new Batches(data, spec.batch, recipes, spec.side, spec.seed, parts);
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
    return new Trainer(spec, step, planned, session, batches);
  }

  /** Bytes that this run holds on the device. */
  get allocatedBytes(): number {
    return this.session.allocatedBytes;
  }

  get totalSteps(): number {
    return this.spec.epochs * this.batches.stepsPerEpoch;
  }

  /** Continues from a step whose state was loaded into the session. */
  continueFrom(step: number): void {
    this.steps = this.#read = step;
  }

  /** Whether losses have to be read before the next step: the ring is full, or an epoch, checkpoint or the run ends. */
  get reportDue(): boolean {
    const { steps } = this;
    return steps % READ_EVERY === 0 || steps % this.batches.stepsPerEpoch === 0 ||
      steps % this.spec.checkpointEvery === 0 || steps === this.totalSteps;
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
