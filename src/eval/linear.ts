/**
 * Offline linear probe by stochastic gradients: a linear layer over frozen features, trained on the device with
 * softmax cross-entropy under a published protocol. `logistic.ts` has the probe that is trained to convergence.
 */
import { failure } from "../base/error.ts";
import type { Device } from "../gpu/device.ts";
import { plan } from "../gpu/planner.ts";
import { permutation } from "../base/random.ts";
import { Session } from "../gpu/session.ts";
import { rootOf, type Value } from "../gpu/value.ts";
import { faultError, readGuard } from "../nn/guard.ts";
import { linear } from "../nn/layers.ts";
import { softmaxCrossEntropy } from "../nn/ops/loss.ts";
import { dense } from "../nn/ops/matmul.ts";
import { initialise } from "../nn/state.ts";
import { buildStep, type Step } from "../nn/step.ts";
import { Trace } from "../nn/trace.ts";
import type { Features } from "./features.ts";
import { accuracyOf, type KnnTask, requireLabels } from "./knn.ts";
import { probeOptimizer, type ProbeProtocol } from "./protocols.ts";
import { scaleBoth } from "./scaling.ts";

export interface ProbeResult {
  readonly protocol: ProbeProtocol;
  /** Accuracy on the test set after the last epoch. */
  readonly accuracy: number;
  /** Predicted class of every test image after the last epoch. */
  readonly predictions: Uint32Array<ArrayBuffer>;
  /** Accuracy on the test set after each epoch. */
  readonly perEpoch: readonly number[];
  /**
   * The epoch, from 1, that looks best on the test set. Papers report it; it is biased upwards, because the test set
   * chose it.
   */
  readonly best: { readonly epoch: number; readonly accuracy: number; readonly selectedOnTestSet: true };
}

export interface ProbeOptions {
  /** Of the initial weights and the order of the images. Default 0. */
  readonly seed?: number;
  readonly progress?: (epoch: number, epochs: number) => void;
}

/**
 * Trains the probe on the training rows and tests it after each epoch. Batches are full; the rows that fill none are
 * left out of an epoch, others in each. What is allocated on the device is given back.
 * Errors: unlabelled rows, widths that differ, values that are not finite, training that diverges.
 */
export async function linearProbe(
  device: Device,
  { train, test, classes }: KnnTask,
  protocol: ProbeProtocol,
  { seed = 0, progress }: ProbeOptions = {},
): Promise<ProbeResult> {
  requireProbeTask({ train, test, classes });
  const [known, asked] = scaleBoth(train.features, test.features, protocol.scaling);
  const batch = Math.min(protocol.batch, known.rows);
  const perEpoch = Math.floor(known.rows / batch);
  const step = probeStep(device, known.width, classes, batch, protocol, perEpoch);
  const limit = { maxBufferBytes: device.raw.limits.maxBufferSize };
  const session = await Session.bind(device, plan(step.program, limit));
  let tester: Tester | undefined;
  try {
    tester = await Tester.open(device, session, step.trace, Math.min(512, asked.rows));
    initialise(session, step.trace, seed);
    const accuracies: number[] = [];
    let predictions = new Uint32Array(0);
    for (let epoch = 0; epoch < protocol.epochs; epoch++) {
      const order = permutation(known.rows, seed, epoch);
      for (let i = 0; i < perEpoch; i++) {
        writeBatch(session, step.trace, known, train.labels, order.subarray(i * batch, (i + 1) * batch));
        session.replay({ scalars: step.trace.scalarsAt(epoch * perEpoch + i) });
      }
      const fault = await readGuard(session, step.trace);
      if (fault) throw faultError(fault);
      predictions = await tester.predict(asked);
      accuracies.push(accuracyOf(predictions, test.labels));
      progress?.(epoch + 1, protocol.epochs);
    }
    const accuracy = Math.max(...accuracies);
    return {
      protocol,
      accuracy: accuracies.at(-1)!,
      predictions,
      perEpoch: accuracies,
      best: { epoch: accuracies.indexOf(accuracy) + 1, accuracy, selectedOnTestSet: true },
    };
  } finally {
    tester?.close();
    session.close();
  }
}

/** Throws unless both sets are labelled and of one width. */
export function requireProbeTask({ train, test, classes }: KnnTask): void {
  requireLabels(train, classes, "training");
  requireLabels(test, classes, "test");
  if (train.features.width === test.features.width) return;
  throw failure({
    operation: "probe",
    object: "the features",
    required: "training and test rows must have one width",
    found: `${train.features.width} and ${test.features.width}`,
    wayOut: "take both from one encoder",
  });
}

function probeStep(
  device: Device,
  width: number,
  classes: number,
  batch: number,
  protocol: ProbeProtocol,
  perEpoch: number,
): Step {
  return buildStep({
    method: {
      name: `${protocol.name} probe`,
      paper: protocol.source,
      views: 1,
      hyper: {},
      trace: (s, [features]) => {
        const logits = linear(s, "probe", width, classes)(features!);
        return { loss: softmaxCrossEntropy(s.t, logits, s.labels()), wrt: s.parameters() };
      },
    },
    setup: {
      batch,
      classes,
      encoder: () => {
        throw new Error("a probe sees features, it has no encoder");
      },
    },
    image: 1,
    optimizer: probeOptimizer(protocol, batch, perEpoch),
    views: (s) => [s.batchInput("features", [batch, width])],
    target: device.target,
  });
}

function writeBatch(
  session: Session,
  t: Trace,
  { values, width }: Features,
  labels: Uint32Array,
  rows: Uint32Array,
): void {
  const batch = new Float32Array(rows.length * width);
  rows.forEach((row, i) => batch.set(values.subarray(row * width, (row + 1) * width), i * width));
  session.write(t.inputs.get("features")!, batch);
  session.write(t.inputs.get("labels")!, Uint32Array.from(rows, (row) => labels[row]!));
}

/** The probe's logits over test rows, with the weights that the training session holds. */
class Tester {
  private constructor(
    readonly session: Session,
    readonly input: Value,
    readonly logits: Value,
  ) {}

  static async open(device: Device, lender: Session, trained: Trace, batch: number): Promise<Tester> {
    const t = new Trace({ target: device.target });
    const weight = trained.parameters.get("probe.weight")!.value;
    const bias = trained.parameters.get("probe.bias")!.value;
    t.program.borrow(weight.arena!);
    const input = t.input("features", [batch, weight.shape[0]!]);
    const logits = rootOf(t.program.output(dense(t, input, weight, bias)));
    return new Tester(await Session.bind(device, plan(t.program), lender), input, logits);
  }

  async predict({ values, rows, width }: Features): Promise<Uint32Array<ArrayBuffer>> {
    const [batch, classes] = this.logits.shape as [number, number];
    const predictions = new Uint32Array(rows);
    for (let at = 0; at < rows; at += batch) {
      const count = Math.min(batch, rows - at);
      this.session.write(this.input, values.slice(at * width, (at + count) * width));
      this.session.replay();
      const bytes = await this.session.readBytes(this.logits, 0, count * classes * 4);
      predictions.set(largestOfRows(new Float32Array(bytes.buffer), classes), at);
    }
    return predictions;
  }

  close(): void {
    this.session.close();
  }
}

/** Column of the largest value of each row, the first where several are. */
export function largestOfRows(
  values: Float32Array | Float64Array,
  columns: number,
): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: values.length / columns }, (_, row) => {
    let best = 0;
    for (let c = 1; c < columns; c++) {
      if (values[row * columns + c]! > values[row * columns + best]!) best = c;
    }
    return best;
  });
}
