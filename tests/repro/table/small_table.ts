/** A small table and logs made by hand: what tests of cells, grids, checks and plots are told from. */
import { canonicalHash } from "../../../src/base/canonical.ts";
import { specHash } from "../../../src/record/spec/spec.ts";
import { parseEvent } from "../../../src/record/events.ts";
import type { RecordedRun } from "../../../src/record/recorded.ts";
import { isDue, type Probe, protocolOf } from "../../../src/record/spec/probe.ts";
import { viewCount } from "../../../src/record/spec/spec.ts";
import type { Telling } from "../../../src/repro/table/cells.ts";
import { type Choice, chosenOf, settingsFor } from "../../../src/repro/table/choose.ts";
import { type CellRun, resolveRuns } from "../../../src/repro/table/resolve.ts";
import { runName } from "../../../src/repro/table/found.ts";
import * as words from "../../../src/repro/table/vocabulary.ts";

/** Ten shapes, 16 images each: five steps an epoch, two epochs. */
export const smoke: words.Setting = {
  data: "shapes",
  perClass: [16, 8],
  seeds: [0, 1],
  settings: "small",
  every: 1,
  all: { encoder: "tiny", size: 16, batch: 32, epochs: 2 },
};
export const STEPS_PER_EPOCH = 5;

/** Two methods, one of them at two temperatures, beside what nothing trained. */
export const small: words.Table = words.table({
  id: "tests/small",
  title: "A table of tests",
  summary: "two methods",
  rows: {
    simclr: words.train("simclr"),
    cold: words.train("simclr", { hyper: { T: 0.05 }, name: "SimCLR, cold", about: "a low temperature" }),
    sdiet: words.train("sdiet"),
    untrained: words.untrained,
    pixels: words.pixels("knn"),
  },
  measures: {
    knn: words.knn(5, 0.1, { curve: true }),
    gain: words.gain("knn"),
    ...words.COUNTED,
  },
  scales: { smoke },
  checks: [words.learns("simclr", "knn")],
});

/** What a log made by hand says; what is absent has a plain value. */
export interface Log {
  /** Answer to a probe after so many epochs, 0 before the first step. */
  readonly answer?: (probe: Probe, epoch: number) => Readonly<Record<string, number>>;
  readonly series?: Readonly<Record<string, number[]>>;
  readonly peakBytes?: number;
  readonly plannedBytes?: number;
  readonly stepMs?: number;
  readonly seconds?: number;
  readonly program?: string;
}

/** A finished run of a cell as it would lie on disk. */
export function logOf(run: CellRun, log: Log = {}): RecordedRun {
  const { spec } = run;
  const epochs = "epochs" in spec.stop ? spec.stop.epochs : 1;
  const steps = epochs * STEPS_PER_EPOCH;
  const hash = specHash(spec);
  const evals = (epoch: number) =>
    spec.probes.filter((probe) => isDue(probe, epoch, epochs)).map((probe) => ({
      event: "eval",
      step: epoch * STEPS_PER_EPOCH,
      epoch: Math.max(0, epoch - 1),
      protocol: protocolOf(probe, spec.data[probe.test]!.name, epoch > 0),
      values: log.answer?.(probe, epoch) ?? { top1: 50 },
    }));
  const of = (split: string) => ({ name: "shapes", split, images: 80, pixels: hash, list: hash });
  const state = hash;
  const events = [
    {
      ...{ event: "run-start", method: spec.method, seed: spec.seed, steps, stepsPerEpoch: STEPS_PER_EPOCH },
      ...{ batch: spec.batch, program: canonicalHash(log.program ?? spec.method), state },
      data: { train: of("train"), test: of("test") },
    },
    ...evals(0),
    ...Array.from({ length: epochs }, (_, epoch) => [
      { event: "epoch-start", epoch, step: epoch * STEPS_PER_EPOCH },
      {
        event: "metrics",
        from: epoch * STEPS_PER_EPOCH,
        to: (epoch + 1) * STEPS_PER_EPOCH,
        series: { loss: Array<number>(STEPS_PER_EPOCH).fill(4 / (epoch + 1)), ...log.series },
      },
      { event: "epoch-stop", epoch, step: (epoch + 1) * STEPS_PER_EPOCH, seconds: log.seconds ?? 1 },
      ...evals(epoch + 1),
    ]).flat(),
    {
      ...{ event: "run-stop", status: "completed", step: steps, state, seconds: 9, stepMs: log.stepMs ?? 3 },
      ...{ plannedBytes: log.plannedBytes ?? 1000, peakBytes: log.peakBytes ?? 1000 },
    },
  ];
  return {
    name: runName(run),
    spec,
    events: events.map((event, seq) =>
      parseEvent({ spec: hash, seq, time: "2026-01-01T00:00:00.000Z", ...event }, "made by hand")
    ),
  };
}

/** A choice that says nothing but a scale. */
export const plain: Choice = { scale: "smoke", dataset: undefined, methods: undefined, seeds: undefined };

/** A table with a log for each run for which `log` gives one. */
export async function tellingOf(
  table: words.Table,
  log: (run: CellRun) => Log | undefined = () => ({}),
  choice: Partial<Choice> = {},
): Promise<Telling> {
  const chosen = chosenOf(table, settingsFor(table, { ...plain, ...choice }));
  const runs = (await resolveRuns(table, chosen)).map((run) => {
    const said = log(run);
    return { ...run, recorded: said && logOf(run, said) };
  });
  return { table, chosen, runs };
}

/** Images that a run of the small table sends through its encoder. */
export const imagesOf = ({ spec }: CellRun): number => 2 * STEPS_PER_EPOCH * spec.batch * viewCount(spec);
