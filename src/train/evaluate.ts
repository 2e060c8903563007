/** The probes of a run: features of the encoder as it stands, or of the pixels, asked as the specification says. */
import { canonical } from "../base/canonical.ts";
import type { Dataset } from "../data/load.ts";
import { joined } from "../data/pixels.ts";
import { featureStd, rankMe } from "../eval/collapse.ts";
import { encoderTensors, extractFeatures, type Features, type Images, rawPixels } from "../eval/features.ts";
import { knn, type KnnTask } from "../eval/knn.ts";
import { linearProbe } from "../eval/linear.ts";
import { logisticProbe } from "../eval/logistic.ts";
import { probeProtocol } from "../eval/protocols.ts";
import type { Device } from "../gpu/device.ts";
import { isDue, type Probe, protocolOf } from "../record/spec/probe.ts";
import type { RunSpec } from "../record/spec/spec.ts";
import type { Evaluation, TrainOptions } from "./train.ts";
import type { Trainer } from "./trainer.ts";

/** Images by their use in a specification. */
export type Splits = Readonly<Record<string, Dataset>> & { readonly train: Dataset };

/** Values that do not depend on a run, such as accuracies of raw pixels, kept by what they are of. */
export type Shared = Map<string, Promise<Evaluation["values"]>>;

/** Most bytes of raw pixels as f32 that are compared. */
const PIXEL_BYTES = 2 ** 33;

/**
 * The `evaluate` of a run: every probe that is due, in the order of the specification. Images are seen without
 * augmentation; accuracies are in percent. Raw pixels that one array cannot hold as f32 are not probed.
 */
export function evaluatorOf(
  device: Device,
  spec: RunSpec,
  data: Splits,
  shared: Shared = new Map(),
): NonNullable<TrainOptions["evaluate"]> {
  return async (trainer, epochs) => {
    const last = trainer.steps === trainer.totalSteps ? epochs : Infinity;
    const due = spec.probes.filter((probe) => isDue(probe, epochs, last));
    const features = await featuresFor(device, trainer, spec, data, due);
    const found: Evaluation[] = [];
    for (const probe of due) {
      const name = data[probe.test]!.name;
      const protocol = protocolOf(probe, name, trainer.steps > 0);
      const values = probe.of === "pixels"
        ? await pixelValues(device, probe, data, spec.seed, shared)
        : await valuesOf(
          device,
          probe,
          taskOf(probe, data, (use) => features.get(`${probe.of} ${use}`)!),
          spec.seed,
        );
      if (values) found.push({ protocol: { ...protocol, ...values.outcome }, values: values.values });
    }
    return found;
  };
}

/** Features by what they are of and the use of their images, for probes of the encoder. */
async function featuresFor(
  device: Device,
  trainer: Trainer,
  spec: RunSpec,
  data: Splits,
  due: readonly Probe[],
): Promise<Map<string, Features>> {
  const found = new Map<string, Features>();
  const wanted = Map.groupBy(due.filter((probe) => probe.of !== "pixels"), (probe) => probe.of);
  if (wanted.size === 0) return found;
  const weights = await encoderTensors(trainer.session, trainer.step.trace);
  for (const [of, probes] of wanted) {
    const uses = [...new Set(probes.flatMap((probe) => [probe.train, probe.test]))];
    const stage = of === "encoder" ? undefined : Number(of.slice("stage".length));
    // All splits behind each other, so that one pass serves them all.
    const all = await extractFeatures(
      device,
      {
        encoder: spec.encoder,
        side: Math.max(...spec.views.map((group) => group.size)),
        ...(stage && { stage }),
      },
      weights,
      together(uses.map((use) => data[use]!)),
    );
    let at = 0;
    for (const use of uses) {
      const rows = data[use]!.labels.length;
      const values = all.values.subarray(at * all.width, (at + rows) * all.width);
      found.set(`${of} ${use}`, { values, rows, width: all.width });
      at += rows;
    }
  }
  return found;
}

/** What a probe found, and what its event says besides of how it went. */
interface Found {
  readonly values: Evaluation["values"];
  readonly outcome?: Record<string, boolean>;
}

async function valuesOf(device: Device, probe: Probe, task: KnnTask, seed: number): Promise<Found> {
  switch (probe.kind) {
    case "knn":
    case "1-nn": {
      const [result] = await knn(device, task, [
        probe.kind === "knn" ? { k: probe.k, T: probe.T } : { k: 1, T: 1 },
      ]);
      return { values: { top1: 100 * result!.accuracy } };
    }
    case "linear": {
      if (probe.protocol === "lbfgs") {
        const { accuracy, penalty, converged } = logisticProbe(task, { seed });
        return { values: { top1: 100 * accuracy, penalty }, outcome: { converged } };
      }
      const { accuracy, best } = await linearProbe(device, task, probeProtocol(probe.protocol), { seed });
      return probe.selection === "best"
        ? { values: { top1: 100 * best.accuracy, epoch: best.epoch } }
        : { values: { top1: 100 * accuracy } };
    }
    case "collapse":
      return {
        values: { std: featureStd(task.test.features), rankme: rankMe(task.test.features, { seed }) },
      };
    default:
      throw new Error(`requireTrainable lets no probe "${probe.kind}" pass`);
  }
}

/** Values of a probe of raw pixels, computed once however many runs ask. */
async function pixelValues(
  device: Device,
  probe: Probe,
  data: Splits,
  seed: number,
  shared: Shared,
): Promise<Found | undefined> {
  const [train, test] = [data[probe.train]!, data[probe.test]!];
  if (train.pixels.count * train.size ** 2 * 3 * 4 > PIXEL_BYTES) return undefined;
  const key = canonical([probe, train.hashes.pixels, test.hashes.pixels, seed]);
  const values = shared.get(key) ??
    valuesOf(device, probe, taskOf(probe, data, (use) => rawPixels(data[use]!)), seed).then((found) =>
      found.values
    );
  shared.set(key, values);
  return { values: await values };
}

function taskOf(probe: Probe, data: Splits, features: (use: string) => Features): KnnTask {
  const side = (use: string) => ({ features: features(use), labels: data[use]!.labels });
  return { train: side(probe.train), test: side(probe.test), classes: data[probe.train]!.classes.length };
}

function together(splits: readonly Dataset[]): Images {
  const [first, ...others] = splits;
  return others.reduce<Images>((all, next) => {
    const labels = new Uint32Array(all.labels.length + next.labels.length);
    labels.set(all.labels);
    labels.set(next.labels, all.labels.length);
    return { pixels: joined(all.pixels, next.pixels, next.size), size: next.size, labels };
  }, first!);
}
