/**
 * What each part of S-DIET is worth: feature normalisation, projector, softmax over the batch, and what rows do between
 * visits. The full factorial of these would be 24 configurations; this is the fraction CONFIGURATIONS: one change at a
 * time around the published method, and all four corners of normalisation x projector.
 */
import {
  accuracyOf,
  adapterName,
  asCheck,
  checkDirections,
  type CheckResult,
  chosenMethods,
  type ClaimResult,
  Device,
  estimate,
  type Evidence,
  type Experiment,
  type ExperimentContext,
  gridsOf,
  intervals,
  judgeDirections,
  judgeExact,
  loadSplit,
  measuredOf,
  pixelRow,
  type Plot,
  presetFor,
  presetOf,
  PRESETS,
  type RecordedRun,
  recordedRuns,
  RESULT_FORMAT,
  type Row,
  secondsOf,
  type Settings,
  type SideTable,
  specOf,
  splitsOf,
  type TableResult,
  tInterval,
  trainTable,
  untrainedOf,
} from "../../mod.ts";

type Preset = Parameters<typeof specOf>[0];
type RunSpec = ReturnType<typeof specOf>;
type Splits = ReturnType<typeof splitsOf>;

const ID = "sdiet/ablation";
const DATASET = { smoke: "shapes", mini: "cifar10-jpeg", gpu: "cifar10", paper: "cifar10" } as const;
const SEEDS = { smoke: [0, 1, 2], mini: [0, 1, 2], gpu: [0, 1, 2], paper: [0] } as const;
/** Rows of the head are visited once an epoch: with three visits what happens between them could not show. */
const SMOKE = { ...PRESETS.smoke, epochs: 6, every: 6 };

interface Configuration {
  readonly what: string;
  /** Departures from the settings of `sdiet` at the scale. */
  readonly hyper: Readonly<Record<string, number | string | boolean>>;
}

/** Logits of DIET: neither features nor rows normalised, no temperature. */
const UNNORMALISED = { normalise: false, normaliseRows: false, T: 1 };

const CONFIGURATIONS: Readonly<Record<string, Configuration>> = {
  "full": { what: "as published: normalised, projector, batch softmax, eager rows", hyper: {} },
  "no-normalise": { what: "features and rows as they are, T = 1", hyper: UNNORMALISED },
  "no-projector": { what: "head on the features", hyper: { projector: "none" } },
  "neither": { what: "no normalisation, no projector", hyper: { ...UNNORMALISED, projector: "none" } },
  "plain-rows": { what: "features normalised, rows as they are", hyper: { normaliseRows: false } },
  "multistep-none": { what: "rows wait between visits: plain AdamW", hyper: { multistep: "none" } },
  "multistep-lazy": { what: "rows catch up with the true gap", hyper: { multistep: "lazy" } },
  "lazy-corrected": {
    what: "true gap and bias correction: a dense AdamW",
    hyper: { multistep: "lazy", rowCorrection: true },
  },
  "every-row": { what: "softmax over all N rows, resident head, dense AdamW", hyper: { softmaxOver: "all" } },
};

/** Pairs beside those with the full configuration: the first differs from the second in one thing. */
const PAIRS = [
  ["no-projector", "neither", "normalisation, without projector"],
  ["no-normalise", "neither", "projector, without normalisation"],
  ["lazy-corrected", "every-row", "softmax over the batch instead of all rows, both under a dense AdamW"],
] as const;

export const experiment: Experiment = {
  id: ID,
  title: "What the parts of S-DIET are worth",
  summary:
    "kNN and linear accuracy without normalisation, projector, batch softmax, or with other row updates",
  needsAdapter: true,
  takes: ["dataset", "methods", "seeds", "epochs"],
  async run(context) {
    const { scale, epochs } = context;
    const preset = scale === "smoke" && epochs === undefined ? SMOKE : presetFor(scale, epochs);
    const splits = splitsOf(context.dataset ?? DATASET[scale], scale, preset.side);
    return await tell(await trainConfigurations(context, preset, splits));
  },
  tell,
};

/** Trains the chosen configurations with every seed; configurations take turns, so that all see the same machine. */
export async function trainConfigurations(
  { adapter, scale, dataset = DATASET[scale], methods, seeds = SEEDS[scale], epochs, out, resume, say }:
    ExperimentContext,
  preset: Preset,
  splits: Splits,
): Promise<Evidence> {
  const settings = {
    scale,
    dataset,
    methods: chosenMethods(Object.keys(CONFIGURATIONS), methods),
    seeds,
    ...(epochs !== undefined && { epochs }),
  };
  const [train, test] = [await loadSplit(splits.train, say), await loadSplit(splits.test, say)];
  const own = presetOf(preset.methods, "sdiet");
  const runs = seeds.flatMap((seed) =>
    settings.methods.map((name) => {
      const sdiet = { ...own, hyper: { ...own.hyper, ...CONFIGURATIONS[name]!.hyper } };
      const changed = { ...preset, methods: { sdiet } };
      const spec = specOf(changed, "sdiet", { seed, images: train.labels.length, ...splits });
      return { name: `${name}-seed${seed}`, spec };
    })
  );
  const device = await Device.open(adapter);
  try {
    const folder = `${out}/runs`;
    await trainTable(device, runs, { folder, train, test, resume, linear: preset.linear, say });
    return { settings, adapter: adapterName(device.fingerprint), runs: await recordedRuns(out) };
  } finally {
    device.close();
  }
}

const PROBES = ["knn", "linear"] as const;
const SPOKEN = { knn: "kNN", linear: "linear probe" } as const;

/** A configuration with its runs in the order of the seeds. */
interface Arm extends Configuration {
  readonly name: string;
  readonly runs: readonly RecordedRun[];
}

const valuesOf = (arm: Arm, probe: typeof PROBES[number]): number[] =>
  arm.runs.map((r) => accuracyOf(r, probe)!);

function tell({ settings, adapter, runs }: Evidence): Promise<TableResult> {
  const chosen = settings.methods.map((name): Arm => ({
    ...CONFIGURATIONS[name]!,
    name,
    runs: settings.seeds.flatMap((seed) => runs.filter((r) => r.name === `${name}-seed${seed}`)),
  }));
  const first = settings.seeds.flatMap((seed) =>
    runs.filter((r) => r.name.endsWith(`-seed${seed}`)).slice(0, 1)
  );
  const arms = chosen.filter((arm) => arm.runs.length === settings.seeds.length);
  const differences = differencesOf(arms);
  return Promise.resolve({
    format: RESULT_FORMAT,
    table: ID,
    title: experiment.title,
    scale: settings.scale,
    settings,
    ...(settings.dataset !== undefined && { dataset: settings.dataset }),
    ...(adapter !== undefined && { adapter }),
    headline: [],
    grids: gridsOf([
      ...chosen.map((arm) =>
        arms.includes(arm) ? rowOf(arm) : { method: arm.name, values: { state: "NOT-RUN" } }
      ),
      pixelRow(first[0]),
      { method: "untrained encoder", accuracy: { knn: first.map((r) => untrainedOf(r)) } },
    ], { tables: tablesOf(arms, differences) }),
    claims: bothHelp(settings, arms),
    checks: [...beatsUntrained(settings, arms), ...sameProgram(arms)],
    protocol: protocol(settings, arms),
    notes: [...notes(), ...caution(arms)],
    plots: plotsOf(differences),
  });
}

function rowOf(arm: Arm): Row {
  const measured = measuredOf(arm.runs[0]);
  const times = arm.runs.flatMap((r) => measuredOf(r)?.stepMs ?? []).sort((a, b) => a - b);
  return {
    method: arm.name,
    accuracy: { knn: valuesOf(arm, "knn"), linear: valuesOf(arm, "linear") },
    ...(measured && { measured: { ...measured, stepMs: times[times.length >> 1]! } }),
    values: { configuration: arm.what, seconds: secondsOf(arm.runs) },
  };
}

/** How much better the first arm is than the second, seed by seed, in points of accuracy. */
interface Difference {
  readonly name: string;
  readonly of: string;
  readonly knn: readonly number[];
  readonly linear: readonly number[];
}

function differencesOf(arms: readonly Arm[]): Difference[] {
  const between = (a: Arm, b: Arm, probe: typeof PROBES[number]) => {
    const other = valuesOf(b, probe);
    return valuesOf(a, probe).map((v, i) => v - other[i]!);
  };
  const pair = (first: string, second: string, of: string): Difference[] => {
    const [a, b] = [first, second].map((name) => arms.find((arm) => arm.name === name));
    if (!a || !b) return [];
    return [{ name: `${first} - ${second}`, of, knn: between(a, b, "knn"), linear: between(a, b, "linear") }];
  };
  return [
    ...arms.filter((arm) => arm.name !== "full").flatMap(({ name, what }) => pair(name, "full", what)),
    ...PAIRS.flatMap(([a, b, of]) => pair(a, b, of)),
  ];
}

function tablesOf(arms: readonly Arm[], differences: readonly Difference[]): SideTable[] {
  const corner = (name: string, probe: typeof PROBES[number]): string => {
    const arm = arms.find((a) => a.name === name);
    return arm ? estimate(valuesOf(arm, probe)) : "not run";
  };
  return [
    {
      title: "Paired differences",
      note:
        "Points of accuracy, first less second with the same seed: mean ± half width of the 95 % t interval over seeds " +
        "(number of seeds). An interval that holds 0 decides nothing.",
      headings: ["difference", "kNN", "linear", "what it is of"],
      rows: differences.map((d) => [d.name, estimate(d.knn), estimate(d.linear), d.of]),
    },
    {
      title: "Normalisation and projector",
      headings: ["", ...PROBES.flatMap((p) => [`projector, ${SPOKEN[p]}`, `none, ${SPOKEN[p]}`])],
      rows: [["normalised", "full", "no-projector"], ["as they are", "no-normalise", "neither"]].map(
        ([label, withOne, without]) => [
          label!,
          ...PROBES.flatMap((probe) => [corner(withOne!, probe), corner(without!, probe)]),
        ],
      ),
    },
  ];
}

function plotsOf(differences: readonly Difference[]): Plot[] {
  if (differences.length === 0) return [];
  return PROBES.map((probe): Plot => ({
    name: `differences-${probe}`,
    caption: `${
      SPOKEN[probe]
    }: paired differences in points, mean and 95 % t interval over seeds; ticks are single seeds.`,
    spec: intervals(
      differences.map((d) => {
        const over = d[probe].length > 1 ? tInterval(d[probe], 0.95) : undefined;
        return {
          name: d.name,
          centre: over?.centre ?? d[probe][0]!,
          ...(over && { lower: over.lower, upper: over.upper }),
          values: d[probe],
        };
      }),
      `difference in ${SPOKEN[probe]} accuracy, points`,
    ),
  }));
}

/** Comparisons in which normalisation, the projector, or both must win for "both help" to hold. */
const HELPS = [
  ["normalise", "full", "no-normalise", "normalisation helps, with the projector"],
  ["normalise/no-projector", "no-projector", "neither", "normalisation helps, without a projector"],
  ["projector", "full", "no-projector", "the projector helps, with normalisation"],
  ["projector/no-normalise", "no-normalise", "neither", "the projector helps, without normalisation"],
  ["both", "full", "neither", "both together help"],
] as const;

/** The paper's words on its two additions. Its numbers are not public, so only the direction can be judged. */
function bothHelp(settings: Settings, arms: readonly Arm[]): ClaimResult[] {
  return judgeDirections(
    settings,
    HELPS.flatMap(([id, first, second, words]) =>
      PROBES.map((probe) => {
        const [above, below] = [first, second].map((name) => arms.find((arm) => arm.name === name))
          .map((arm) => arm && { ...arm, values: valuesOf(arm, probe) });
        return {
          id: `D10/${id}/${probe}`,
          statement: `${words} (${SPOKEN[probe]}, ${first} against ${second}; no ablation is public)`,
          source: { paper: "S-DIET", url: "https://openreview.net/forum?id=4NgxI6Z74n" },
          paraphrase: true,
          above,
          below,
        };
      })
    ),
  );
}

/** Whether the published configuration learned anything here: without that its parts cannot be told apart. */
function beatsUntrained(settings: Settings, arms: readonly Arm[]): CheckResult[] {
  const full = arms.find((arm) => arm.name === "full");
  if (!full) return [];
  return checkDirections(settings, [{
    id: "beats-untrained/full",
    question: "Does the full configuration beat its own untrained encoder in kNN accuracy?",
    above: { ...full, values: valuesOf(full, "knn") },
    below: { ...full, name: "untrained", values: full.runs.map((r) => untrainedOf(r)) },
  }]);
}

/** What a reader must know before reading anything into the differences, from the runs themselves. */
function caution(arms: readonly Arm[]): string[] {
  const full = arms.find((arm) => arm.name === "full");
  if (!full || full.runs.length < 2) return [];
  const gains = full.runs.map((r) => accuracyOf(r, "knn")! - untrainedOf(r));
  if (tInterval(gains, 0.95).lower > 0) return [];
  return [
    `The published configuration is not above its own untrained encoder in kNN accuracy here (paired: ${
      estimate(gains)
    } ` +
    "points): nothing measurable was learned, and no difference between configurations can be put down to their parts.",
  ];
}

/** Programs of the step among configurations that differ in the row update alone. */
function sameProgram(arms: readonly Arm[]): CheckResult[] {
  const names = ["full", "multistep-none", "multistep-lazy", "lazy-corrected"];
  const own = arms.filter((arm) => names.includes(arm.name));
  if (own.length < 2) return [];
  const programs = own.flatMap(({ runs }) =>
    runs.map(({ events: [e] }) => e?.event === "run-start" ? e.program : "")
  );
  const conditions = { unit: "programs", dataset: "", scale: "smoke", protocol: {} } as const;
  const judgement = judgeExact({
    claim: { ...conditions, relation: "equal", value: 1 },
    measured: { ...conditions, numerator: new Set(programs).size },
  });
  const compared = own.map((arm) => arm.name).join(", ");
  return [asCheck(judgement, {
    id: "D3/same-program",
    question:
      `Is the multistep update plain AdamW with other numbers: do the steps of ${compared} replay one program?`,
  })];
}

function protocol({ seeds, dataset }: Settings, arms: readonly Arm[]): string[] {
  const spec = arms[0]?.runs[0]?.spec as unknown as RunSpec | undefined;
  return [
    ...(spec
      ? [
        `Every configuration: encoder ${spec.encoder.name} (width ${spec.encoder.width}), views of ${spec.side}x${spec.side}, ` +
        `batch ${spec.batch}, ${spec.epochs} epochs, last epoch, seeds ${
          seeds.join(", ")
        }, dataset ${dataset}; features of ` +
        `the encoder without projector, kNN with k = ${spec.evaluation.k}, T = ${spec.evaluation.T}.`,
      ]
      : []),
  ];
}

function notes(): string[] {
  return [
    "A fraction of the factorial: seven of its 24 combinations, one change at a time and the square of normalisation and projector, " +
    "and two variants beside it (plain-rows, lazy-corrected). Other interactions are not measured.",
    "Normalisation is taken away with the row norms and the temperature, which mean little without it; plain-rows takes away " +
    "the row norms alone, which the published text does not mention.",
    "Step times (under Times; median over seeds) of full, multistep-lazy and lazy-corrected against multistep-none, AdamW on the " +
    "same rows: the four replay one program, so they differ by host arithmetic, and beyond that by what else the machine did.",
  ];
}
