/** What a run's events say, as a table of accuracies needs it. */
import type { Corpus } from "../claims/corpus.ts";
import { eventsOf } from "../record/events.ts";
import type { ClaimResult } from "../judge/outcome.ts";
import type { RecordedRun, Settings } from "../record/recorded.ts";
import { FEATURES } from "../train/evaluate.ts";
import { judgeClaims } from "../judge/judge_claims.ts";
import { methodOf, publishedFor } from "../judge/published.ts";
import { cellCase } from "../judge/published_cell.ts";
import { presetFor } from "./presets.ts";
import type { Row } from "./rows.ts";

/** Accuracy of the encoder at the end of a run, in percent; undefined where that probe was not run. */
export function accuracyOf({ events }: RecordedRun, probe: "knn" | "linear"): number | undefined {
  return eventsOf(events, "eval")
    .findLast((e) => e.step > 0 && e.protocol.probe === probe && e.protocol.features === FEATURES.encoder)
    ?.values.top1;
}

/** kNN accuracy of the untrained encoder, in percent. */
export function untrainedOf(run: RecordedRun): number {
  return startOf(run, FEATURES.untrained)!;
}

/** Row of the raw pixels, from a run that looked at them; sets too large for that have none. */
export function pixelRow(run: RecordedRun | undefined): Row {
  const knn = run && startOf(run, FEATURES.pixels);
  const method = "raw pixels";
  return knn === undefined ? { method, values: { state: "NOT-RUN" } } : { method, accuracy: { knn: [knn] } };
}

/** kNN accuracy before the first step, in percent. */
const startOf = ({ events }: RecordedRun, features: string): number | undefined =>
  eventsOf(events, "eval").find((e) => e.step === 0 && e.protocol.features === features)?.values.top1;

/** Seconds of training, mean over runs; evaluations included. */
export function secondsOf(runs: readonly RecordedRun[]): number {
  const times = runs.map((r) =>
    eventsOf(r.events, "epoch-stop").reduce((sum, e) => sum + (e.seconds ?? 0), 0)
  );
  return times.reduce((a, b) => a + b, 0) / times.length;
}

/** Mean loss of every epoch. */
export function lossCurve({ events }: RecordedRun): { readonly x: number; readonly y: number }[] {
  const [start] = eventsOf(events, "run-start");
  const losses = eventsOf(events, "metrics").flatMap((e) => e.series.loss!);
  const size = start!.stepsPerEpoch;
  return Array.from({ length: Math.floor(losses.length / size) }, (_, epoch) => {
    const own = losses.slice(epoch * size, (epoch + 1) * size);
    return { x: epoch + 1, y: own.reduce((a, b) => a + b, 0) / size };
  });
}

/** Datasets that are the same images as one of the corpus. */
const AS_PUBLISHED: Readonly<Record<string, string>> = { "cifar10-jpeg": "cifar10", shapes: "cifar10" };

/** Published accuracies on this dataset (on CIFAR-10 for datasets nobody published), each with its verdict. */
export function publishedResults(
  corpus: Corpus,
  settings: Settings,
  arms: readonly { readonly method: string; readonly runs: readonly RecordedRun[] }[],
): ClaimResult[] {
  const dataset = settings.dataset ?? "";
  const methods = arms.map((arm) => arm.method);
  const preset = presetFor(settings.scale, settings.epochs);
  return judgeClaims(
    publishedFor(corpus, methods, AS_PUBLISHED[dataset] ?? dataset).map((claim) => {
      const arm = arms.find((a) => a.method === methodOf(claim, methods))!;
      const probe = claim.protocol.probe === "knn" ? "knn" as const : "linear" as const;
      const ran = arm.runs.filter((r) => accuracyOf(r, probe) !== undefined);
      return cellCase(claim, {
        row: arm.method,
        column: probe,
        unit: "percent",
        outcome: {
          values: ran.map((r) => accuracyOf(r, probe)!),
          seeds: ran.map((r) => Number(r.spec.seed)),
          testSetSize: eventsOf(arm.runs[0]!.events, "run-start")[0]!.data.test?.images ?? null,
        },
        dataset,
        scale: settings.scale,
        protocol: {
          encoder: preset.encoder.name,
          epochs: preset.epochs,
          batch: preset.batch,
          probe,
          selection: "last",
          ...(probe === "knn" ? { k: preset.k, knn_temperature: preset.T } : { mode: "offline" }),
        },
      });
    }),
  );
}
