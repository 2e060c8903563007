/** Plots of a table of accuracies: estimates over seeds, and how kNN accuracy and loss went. */
import type { Plot } from "../report/result.ts";
import type { RecordedRun } from "../record/recorded.ts";
import { intervals, lines } from "../report/plots.ts";
import { tInterval } from "../stats/t_interval.ts";
import { FEATURES } from "../train/evaluate.ts";
import type { Row } from "./rows.ts";
import { lossCurve } from "./tell.ts";

/** Runs that share a line of the table, one a seed. */
export interface PlottedRuns {
  readonly name: string;
  readonly runs: readonly RecordedRun[];
}

/** Accuracies with their intervals, and the curves of each line's first seed; none where nothing ran. */
export function accuracyPlots(arms: readonly PlottedRuns[], rows: readonly Row[]): Plot[] {
  const ran = arms.filter((arm) => arm.runs.length > 0);
  const knn = rows.filter((row) => row.accuracy?.knn?.length);
  if (ran.length === 0) return [];
  return [
    {
      name: "accuracy",
      caption: "kNN accuracy in percent: mean and 95 % t interval over seeds; ticks are single runs.",
      spec: intervals(
        knn.map(({ method, accuracy }) => {
          const values = accuracy!.knn!;
          const over = values.length > 1 ? tInterval(values, 0.95) : undefined;
          return {
            name: method,
            centre: over?.centre ?? values[0]!,
            ...(over && { lower: over.lower, upper: over.upper }),
            values,
          };
        }),
        "kNN accuracy, %",
      ),
    },
    {
      name: "knn-curves",
      caption: "kNN accuracy by epoch, first seed; epoch 0 is the untrained encoder.",
      spec: lines(ran.map((arm) => ({ name: arm.name, points: knnCurve(arm.runs[0]!) })), {
        x: "epoch",
        y: "kNN accuracy, %",
      }),
    },
    {
      name: "loss-curves",
      caption: "Training loss by epoch (mean of its steps) over the loss of the first epoch, first seed.",
      spec: lines(ran.map((arm) => ({ name: arm.name, points: relative(lossCurve(arm.runs[0]!)) })), {
        x: "epoch",
        y: "loss / first epoch's",
      }),
    },
  ];
}

function knnCurve({ events }: RecordedRun) {
  return events.flatMap((e) => {
    if (e.event !== "eval" || e.protocol.probe !== "knn" || e.protocol.features === FEATURES.pixels) {
      return [];
    }
    return [{ x: e.step === 0 ? 0 : e.epoch + 1, y: e.values.top1! }];
  });
}

function relative(points: readonly { readonly x: number; readonly y: number }[]) {
  const first = Math.abs(points[0]?.y ?? 1);
  return points.map(({ x, y }) => ({ x, y: y / first }));
}
