/**
 * Replays of random checkpoint intervals: the check that no hash or signature can give. The intervals are drawn by a
 * seed that the bundle's author could not know. On the adapter class and with the program of the run the state must
 * be the same bits; otherwise the losses must agree within a tolerance.
 */
import { join } from "node:path";
import { hashFile } from "../../base/sha256.ts";
import { AssayError } from "../../base/error.ts";
import { PhiloxStream } from "../../base/random.ts";
import { sha256 } from "../../base/canonical.ts";
import { type EventOf, eventsOf } from "../../record/events.ts";
import type { BundleRun } from "./content.ts";
import { describeDetection } from "./detection.ts";
import type { BundleFiles } from "../../record/files.ts";
import { type Line, notChecked, ok, tampered } from "./line.ts";

/** Where an interval begins: the initial state, or a checkpoint with its file on this machine. */
export interface ReplayStart {
  readonly step: number;
  readonly state: string;
  /** Undefined for the initial state. */
  readonly file: string | undefined;
}

/** What a replay gave. */
export interface Replayed {
  /** State hash after loading or initialising, and after the last step. */
  readonly startState: string;
  readonly state: string;
  /** Program hash of the step that ran. */
  readonly program: string;
  /** `adapterClass` of the adapter it ran on. */
  readonly adapterClass: string;
  /** The loss of every step. */
  readonly losses: readonly number[];
}

/** Runs the steps `from.step` to `toStep` of a run again. */
export type ReplayInterval = (run: BundleRun, from: ReplayStart, toStep: number) => Promise<Replayed>;

export interface ReplayOptions {
  /** Intervals to draw. */
  readonly count: number;
  /** The verifier's own; printed. Default: from the system's random numbers. */
  readonly seed?: string;
  /** Folder of the original output, for checkpoints that the bundle only names. */
  readonly checkpoints?: string;
  /** Largest difference of a loss on another adapter class, relative to its size. */
  readonly tolerance?: number;
  readonly replayInterval: ReplayInterval;
}

/**
 * Rounding differs by about 1e-7 a step between adapters and grows with the steps of an interval; a run of another
 * seed or of other data differs by tens of percent in single losses.
 */
export const DEFAULT_TOLERANCE = 0.02;

interface Interval {
  readonly run: BundleRun;
  readonly from: {
    readonly step: number;
    readonly state: string;
    readonly checkpoint?: EventOf<"checkpoint">;
  };
  readonly to: { readonly step: number; readonly state: string };
}

/** Stretches between two states that the events state. */
export function intervalsOf(run: BundleRun): Interval[] {
  const [start] = eventsOf(run.events, "run-start");
  const [stop] = eventsOf(run.events, "run-stop");
  if (!start) return [];
  const points: Interval["from"][] = [
    { step: 0, state: start.state },
    ...eventsOf(run.events, "checkpoint")
      .map((checkpoint) => ({ step: checkpoint.step, state: checkpoint.state, checkpoint })),
    ...(stop ? [{ step: stop.step, state: stop.state }] : []),
  ];
  return points.slice(1).flatMap((to, i) => {
    const from = points[i]!;
    return to.step > from.step ? [{ run, from, to }] : [];
  });
}

/** `count` different indices below `total`, drawn by the seed: the same seed gives the same ones. */
export function drawIndices(total: number, count: number, seed: string): number[] {
  const words = sha256(seed);
  const stream = new PhiloxStream([
    Number.parseInt(words.slice(0, 8), 16),
    Number.parseInt(words.slice(8, 16), 16),
  ]);
  const all = Array.from({ length: total }, (_, i) => i);
  const drawn = Math.min(count, total);
  for (let i = 0; i < drawn; i++) {
    const j = i + stream.below(total - i);
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all.slice(0, drawn);
}

/** Draws and replays intervals; one line each and one with the probabilities. */
export async function replay(
  files: BundleFiles,
  runs: readonly BundleRun[],
  options: ReplayOptions,
): Promise<Line[]> {
  const seed = options.seed ?? crypto.getRandomValues(new Uint8Array(16)).toHex();
  const intervals = runs.flatMap(intervalsOf);
  if (intervals.length === 0) return [notChecked("replay", "the bundle has no interval between two states")];
  const chosen = drawIndices(intervals.length, options.count, seed).map((i) => intervals[i]!);
  const drawn = `intervals drawn by seed ${seed}${
    options.seed === undefined ? " (random, made now)" : " (yours)"
  }`;
  const lines: Line[] = [];
  for (const interval of chosen) lines.push(await replayOne(files, interval, options));
  const done = lines.filter((line) => line.status !== "NOT-CHECKED").length;
  if (done < chosen.length) {
    lines.push(notChecked(
      "replay",
      `${done} of ${chosen.length} drawn intervals could be replayed (${drawn}); no probability can be stated, ` +
        "because whoever wrote the bundle chose which checkpoints to leave out",
    ));
  } else if (lines.every((line) => line.status === "OK")) {
    lines.push(ok("replay", `${describeDetection(intervals.length, done)}; ${drawn}`));
  }
  return lines;
}

async function replayOne(files: BundleFiles, interval: Interval, options: ReplayOptions): Promise<Line> {
  const { run, from, to } = interval;
  const place = `${run.folder}events.jsonl, steps ${from.step} to ${to.step}`;
  const file = await checkpointFile(files, interval, options.checkpoints);
  if (typeof file === "object") return { ...file, place: file.place ?? place };
  let again: Replayed;
  try {
    again = await options.replayInterval(run, { step: from.step, state: from.state, file }, to.step);
  } catch (error) {
    if (error instanceof AssayError) return notChecked("replay", error.message, place);
    throw error;
  }
  const [start] = eventsOf(run.events, "run-start");
  const why = run.environment?.machine.adapterClass !== again.adapterClass
    ? "another adapter class"
    : start?.program !== again.program
    ? "another program, of other code"
    : undefined;
  if (why === undefined) {
    if (again.startState !== from.state) {
      return tampered(
        "replay",
        place,
        `the state at step ${from.step} is ${short(again.startState)}, the events say ${short(from.state)}`,
      );
    }
    return again.state === to.state
      ? ok("replay", `${place}: same adapter class and program, same bits`)
      : tampered(
        "replay",
        place,
        `the state after step ${to.step} is ${short(again.state)}, the events say ${short(to.state)}`,
      );
  }
  return compareLosses(interval, again, options.tolerance ?? DEFAULT_TOLERANCE, place, why);
}

function compareLosses(
  { run, from, to }: Interval,
  again: Replayed,
  tolerance: number,
  place: string,
  why: string,
): Line {
  const stated = eventsOf(run.events, "metrics").flatMap((e) => e.series.loss ?? []).slice(
    from.step,
    to.step,
  );
  if (stated.length !== again.losses.length) {
    return tampered(
      "replay",
      place,
      `${again.losses.length} steps ran, the events hold ${stated.length} losses`,
    );
  }
  let worst = { step: from.step, difference: 0 };
  stated.forEach((loss, i) => {
    const difference = Math.abs(again.losses[i]! - loss) / Math.max(Math.abs(loss), 1e-6);
    if (!(difference <= worst.difference) && !Number.isNaN(worst.difference)) {
      worst = { step: from.step + i, difference };
    }
  });
  const found = `largest relative difference of a loss ${
    worst.difference.toExponential(1)
  } at step ${worst.step}`;
  return worst.difference <= tolerance
    ? ok("replay", `${place}: ${why}, so by tolerance: ${found}, within ${tolerance}`)
    : tampered("replay", place, `${why}, so by tolerance: ${found}, over ${tolerance}`);
}

/** The checkpoint an interval starts from, its digest checked; undefined for the initial state; or why there is none. */
async function checkpointFile(
  files: BundleFiles,
  { run, from }: Interval,
  folder: string | undefined,
): Promise<string | undefined | Line> {
  if (!from.checkpoint) return undefined;
  const path = run.folder + from.checkpoint.file;
  const file = files.onDisk(path) ?? (folder === undefined ? undefined : join(folder, path));
  if (file === undefined) {
    const inside = files.sizes.has(path) ? "unpack the zip" : "name the original output with --checkpoints";
    return notChecked("replay", `checkpoint ${path} is not on this machine as a file; ${inside}`);
  }
  try {
    if ((await hashFile(file)).sha256 !== from.checkpoint.sha256) {
      return tampered("replay", path, "the checkpoint is not the one that the events name");
    }
  } catch (error) {
    return notChecked(
      "replay",
      `checkpoint ${file} cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
  return file;
}

const short = (hash: string) => hash.slice(0, 12);
