/**
 * Events as `:::MLLOG` lines, the log format of MLPerf training, so that its parsers and checkers can read a run. Times
 * are those of the events; accuracies are fractions there and percent here.
 *
 * Source: mlcommons/logging, mlperf_logging/mllog/constants.py and mllog.py (log line format).
 */
import type { Event } from "./events.ts";

interface Entry {
  readonly key: string;
  readonly type: "POINT_IN_TIME" | "INTERVAL_START" | "INTERVAL_END";
  readonly value: string | number | null;
  readonly metadata?: Readonly<Record<string, string | number>>;
}

/** One or more lines for every event that MLPerf has a key for. `file` is named as their origin. */
export function toMllog(events: readonly Event[], file: string): string[] {
  return events.flatMap((event, i) =>
    entriesOf(event).map(({ key, type, value, metadata }) =>
      `:::MLLOG ${
        JSON.stringify({
          namespace: "",
          time_ms: Date.parse(event.time),
          event_type: type,
          key,
          value,
          metadata: { file, lineno: i + 1, ...metadata },
        })
      }`
    )
  );
}

function entriesOf(e: Event): Entry[] {
  const point = (key: string, value: string | number, metadata: Entry["metadata"] = {}): Entry => ({
    key,
    type: "POINT_IN_TIME",
    value,
    metadata,
  });
  switch (e.event) {
    case "run-start":
      return [
        point("submission_benchmark", e.method),
        point("seed", e.seed),
        point("global_batch_size", e.batch),
        ...Object.entries(e.data).map(([use, d]) => point(`${use}_samples`, d.images)),
        { key: "run_start", type: "INTERVAL_START", value: null },
      ];
    case "epoch-start":
      return [{ key: "epoch_start", type: "INTERVAL_START", value: null, metadata: { epoch_num: e.epoch } }];
    case "epoch-stop":
      return [{ key: "epoch_stop", type: "INTERVAL_END", value: null, metadata: { epoch_num: e.epoch } }];
    case "metrics":
      return [point("train_loss", e.series.loss!.at(-1)!, { step: e.to })];
    case "eval":
      return Object.entries(e.values).map(([probe, percent]) =>
        point("eval_accuracy", percent / 100, { epoch_num: e.epoch, probe })
      );
    case "run-stop": {
      const status = e.status === "completed" ? "success" : "aborted";
      return [{ key: "run_stop", type: "INTERVAL_END", value: null, metadata: { status } }];
    }
    case "checkpoint":
    case "resume":
    case "fault":
      return [];
  }
}
