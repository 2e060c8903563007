/**
 * S-DIET's Table 6, peak GPU memory: each method's ImageNet step by plan, and small steps of the same methods on this
 * machine, where allocated bytes must equal planned ones. The paper's own cells are not public, so its words are judged.
 */
import {
  adapterName,
  asCheck,
  asClaim,
  type CheckResult,
  chosenMethods,
  type ClaimResult,
  count,
  describeEnvironment,
  Device,
  type Evidence,
  type ExactClaim,
  type Experiment,
  failure,
  gridsOf,
  hasMethod,
  HEAD_WIDTH,
  headPlans,
  headPlots,
  type Heads,
  headTables,
  IMAGENET_STEP,
  judgeExact,
  load,
  measuredOf,
  measureSteps,
  type MemoryPlan,
  onDisk,
  planImagenet,
  PRESETS,
  recordedRuns,
  RESULT_FORMAT,
  type Row,
  SIZES,
  specOf,
  splitsOf,
  stackedBars,
  type TableResult,
} from "../../mod.ts";

const ID = "sdiet/table6";
const METHODS = ["sdiet", "diet", "simclr", "moco", "byol", "simsiam", "barlow", "vicreg", "spectral"];
/** Methods with negatives, which "contrastive" names in the narrow sense; the others are shown beside them. */
const CONTRASTIVE: ReadonlySet<string> = new Set(["simclr", "moco", "spectral"]);
const [B, M] = [IMAGENET_STEP.batch, HEAD_WIDTH];
/** Steps of a timed block, and blocks of an epoch; the first warms up. */
const [BLOCK, BLOCKS] = [3, 4];
/** Readings of "half", "about 10 GB": any number that rounds to the printed one. */
const HALF = { relation: "equal", value: 0.5, halfStep: 0.05 } as const;
const ABOUT_TEN = { relation: "equal", value: 10, halfStep: 0.5 } as const;
const GIGABYTE = 1_000_000_000;

export const experiment: Experiment = {
  id: ID,
  title: "Peak GPU memory of S-DIET, DIET and two-view methods (S-DIET, Table 6)",
  summary:
    "Peak GPU bytes by role: planned at the paper's scale, measured at the chosen one, head bytes against N",
  needsAdapter: true,
  takes: ["dataset", "methods", "seeds"],
  async run({ adapter, scale, dataset = "shapes", methods, seeds = [0], out, resume, say }) {
    const chosen = chosenMethods(METHODS, methods);
    requireOneSeed(seeds);
    const preset = scale === "paper" ? IMAGENET_PRESET : PRESETS[scale];
    const splits = splitsOf(dataset, "smoke", preset.side);
    const data = await load(dataset, {
      split: "train",
      size: preset.side,
      perClass: Math.ceil(BLOCKS * BLOCK * preset.batch / 10),
    });
    const device = await Device.open(adapter);
    try {
      const train = { ...splits.train, perClass: data.perClass };
      const specs = chosen.filter(hasMethod).map((method) =>
        specOf(preset, method, {
          seed: seeds[0]!,
          epochs: 1,
          images: data.labels.length,
          train,
          test: splits.test,
        })
      );
      const environment = await describeEnvironment(device.fingerprint);
      await measureSteps(device, specs, {
        folder: `${out}/runs`,
        data,
        environment,
        block: BLOCK,
        resume,
        say,
      });
      return await tell({
        settings: { scale, dataset, methods: chosen, seeds },
        adapter: adapterName(device.fingerprint),
        runs: await recordedRuns(out),
      });
    } finally {
      device.close();
    }
  },
  tell,
};

/** Bytes do not depend on the seed, so a second one would say nothing. */
function requireOneSeed(seeds: readonly number[]): void {
  if (seeds.length === 1) return;
  throw failure({
    operation: "measure",
    object: ID,
    required: "one seed is enough, since the bytes of a step are the same for each",
    found: `--seeds ${seeds.join(",")}`,
    wayOut: "give one of them",
  });
}

/** Steps of the paper's shape on images drawn at that size: memory does not ask what is on them. */
const IMAGENET_PRESET = { ...IMAGENET_STEP, epochs: 1, every: 1, k: 20, T: 0.07, linear: "simclr" };

async function tell({ settings, adapter, runs }: Evidence): Promise<TableResult> {
  const there = settings.methods.filter(hasMethod);
  const plans = new Map<string, MemoryPlan>();
  for (const name of new Set([...there, "simclr"].filter(hasMethod))) {
    plans.set(name, await planImagenet(name));
  }
  const reference = plans.get("simclr");
  const rows = settings.methods.map((method): Row => {
    const planned = plans.get(method);
    if (!planned) return { method, values: { state: "NOT-RUN: this checkout has no such method" } };
    const run = runs.find((r) => r.spec.method === method);
    const measured = measuredOf(run);
    return {
      method,
      planned: { peakBytes: planned.peakBytes, roles: planned.roles },
      ...(measured && { measured }),
      values: {
        ...(reference && { "to SimCLR": Number((planned.peakBytes / reference.peakBytes).toFixed(3)) }),
        views: planned.views,
        optimizer: planned.optimizer,
      },
    };
  });
  const heads = await headPlans(plans, there);
  return {
    format: RESULT_FORMAT,
    table: ID,
    title: experiment.title,
    scale: settings.scale,
    settings,
    ...(settings.dataset !== undefined && { dataset: settings.dataset }),
    ...(adapter !== undefined && { adapter }),
    headline: [],
    grids: gridsOf(rows, { order: ["to SimCLR", "views", "optimizer"], tables: headTables(heads) }),
    claims: [...halfMemory(plans), ...headClaims(plans)],
    checks: [constantBytes(heads), ...formulas(plans), ...allocation(rows)],
    protocol: protocol(settings.scale, adapter !== undefined),
    notes: NOTES,
    plots: [
      {
        name: "memory-by-role",
        caption: "Planned peak bytes of one ImageNet step (ResNet-50, 224x224, batch 256) by role, in GiB.",
        spec: stackedBars(
          rows.filter((r) => r.planned).map((r) => ({
            name: r.method,
            parts: Object.fromEntries(
              Object.entries(r.planned!.roles).map(([role, n]) => [role, n / 2 ** 30]),
            ),
          })),
          "GiB",
        ),
      },
      ...headPlots(heads),
    ],
  };
}

const CONDITIONS = { dataset: "imagenet", scale: "paper", protocol: {} } as const;

/** An exact comparison. */
function exact(
  claim: Pick<ExactClaim, "relation" | "value" | "halfStep">,
  numerator: number | undefined,
  denominator?: number,
  unit = "bytes",
): ReturnType<typeof judgeExact> {
  return judgeExact({
    claim: { ...CONDITIONS, unit, ...claim },
    measured: numerator === undefined
      ? null
      : { ...CONDITIONS, unit, numerator, ...(denominator !== undefined && { denominator }) },
  });
}

/** A sentence of the rebuttal. */
const published = (id: string, statement: string) => ({
  id,
  statement,
  source: { paper: "S-DIET, rebuttal", url: "https://openreview.net/forum?id=4NgxI6Z74n" },
  paraphrase: true,
});

/** "Half the GPU memory of contrastive methods", against every two-view method by plan. */
function halfMemory(plans: ReadonlyMap<string, MemoryPlan>): ClaimResult[] {
  const own = plans.get("sdiet");
  return METHODS.filter((name) => name !== "sdiet" && name !== "diet").map((name) => {
    const other = plans.get(name);
    const kind = CONTRASTIVE.has(name) ? "contrastive" : "two-view, without negatives";
    const both = own && other;
    return asClaim(
      exact(HALF, both ? own.peakBytes : undefined, other?.peakBytes),
      published(
        name === "simclr" ? "sdiet:half-memory" : `sdiet:half-memory/${name}`,
        `Against ${name} (${kind}), both planned at the paper's scale: S-DIET needs as little as half the GPU memory of ` +
          "contrastive methods (its Table 6 is not public), read as a ratio that rounds to 0.5",
      ),
    );
  });
}

/** What was published about the head, against the bytes of the plans. */
function headClaims(plans: ReadonlyMap<string, MemoryPlan>): ClaimResult[] {
  const N = IMAGENET_STEP.images;
  const dense = plans.get("diet")?.denseHead, sdiet = plans.get("sdiet");
  return [
    asClaim(
      exact(ABOUT_TEN, dense?.weights, dense && GIGABYTE),
      published(
        "sdiet:head-size",
        "For more than 1.2 M images and m = 2048 the head takes about 10 GB: weights alone, in GB",
      ),
    ),
    asClaim(
      exact(ABOUT_TEN, sdiet && onDisk(N), sdiet && GIGABYTE),
      published(
        "sdiet:disk-size",
        "Kept on disk, the head costs about 10 GB, while the method keeps both moments there too: the whole store, in GB",
      ),
    ),
  ];
}

/** Whether S-DIET's peak grows with the training set. */
function constantBytes({ sdiet }: Heads): CheckResult {
  const small = sdiet?.[0], large = sdiet?.at(-1);
  return asCheck(exact({ relation: "equal", value: small?.peakBytes ?? 0 }, large?.peakBytes), {
    id: "constant-gpu-bytes",
    question: `Is S-DIET's planned peak at N = ${count(IMAGENET_STEP.images)} that at N = ${
      count(SIZES[0]!)
    }?`,
  });
}

/** Formulas of the head's bytes against the plans. */
function formulas(plans: ReadonlyMap<string, MemoryPlan>): CheckResult[] {
  const N = IMAGENET_STEP.images;
  const diet = plans.get("diet"), rows = plans.get("sdiet")?.headRows;
  const dense = diet?.denseHead;
  const formula = (id: string, words: string, value: number, found: number | undefined): CheckResult =>
    asCheck(exact({ relation: "equal", value }, found), {
      id: `X16/${id}`,
      question: `Is ${words} what the plan holds?`,
    });
  return [
    formula("head", "a dense head of 4 N m bytes", 4 * N * M, dense?.weights),
    formula(
      "head-and-moments",
      "a dense head with both moments, 12 N m bytes,",
      12 * N * M,
      dense && dense.weights + dense.moments,
    ),
    formula(
      "head-moments-gradient",
      "a dense head with moments and gradient, 16 N m bytes,",
      16 * N * M,
      dense && dense.weights + dense.moments + dense.gradient,
    ),
    formula("logits", "4 B N bytes of DIET's logits", 4 * B * N, diet?.denseLogits),
    formula(
      "resident-rows",
      "S-DIET's rows with moments and gradient, 16 B m bytes,",
      16 * B * M,
      rows && rows.rows + rows.gradient,
    ),
  ];
}

/** How many of the measured steps allocated exactly what was planned. */
function allocation(rows: readonly Row[]): CheckResult[] {
  const measured = rows.flatMap((r) => r.measured ? [r.measured] : []);
  return [asCheck(
    exact(
      { relation: "equal", value: measured.length },
      measured.length > 0 ? measured.filter((m) => m.peakBytes === m.plannedBytes).length : undefined,
      undefined,
      "methods",
    ),
    {
      id: "plan-equals-allocation",
      question: `Do all ${measured.length} measured methods allocate the planned bytes, to the byte?`,
    },
  )];
}

function protocol(scale: string, measured: boolean): string[] {
  return [
    "Planned columns: one training step of ResNet-50 on 224x224 views, batch 256, N = 1,281,167, f32, every method with the " +
    "optimizer of its own published settings (S-DIET and DIET: AdamW, an assumption; two moments where SGD and LARS keep one).",
    "Activations that are cheap to compute again are recomputed in the backward pass, for every method alike.",
    ...(measured
      ? [
        `Measured columns: scale \`${scale}\`, one epoch of ${
          BLOCKS * BLOCK
        } steps; the roles of these smaller steps weigh differently, so ` +
        "their ratios say nothing about the paper's scale.",
      ]
      : []),
  ];
}

const NOTES = [
  "A plan is exact: it is what the program allocates, to the byte. What a driver adds (pipelines, its own pools) is not in it, " +
  "nor what other frameworks would need for the same step.",
  "MoCo's keys need no gradient: its key encoder runs first and its activations are gone before the queries', so its peak is " +
  "that of one view and a copy of the parameters.",
  "DIET's dense head at this N is larger than the largest buffer of WebGPU adapters (4 GiB and less): it can be planned, not run.",
];
