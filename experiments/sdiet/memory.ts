/** Bytes of a head with a row per image: the formulas against planned training steps, byte for byte. */
import { type Experiment, planImagenet } from "../../mod.ts";
import { type Check, exactExperiment, type Measured } from "../exact/check.ts";

const B = 256, M = 2048, FLOAT = 4;
const IMAGES = [50_000, 126_689, 1_281_167];

/** Bytes by the formulas of a head of n rows of width m, batches of B. */
const formulas = (n: number, m: number) => ({
  head: n * m * FLOAT,
  "head and moments": 3 * n * m * FLOAT,
  "head, moments and gradient": 4 * n * m * FLOAT,
  logits: B * n * FLOAT,
  "resident rows": 4 * B * m * FLOAT,
});

type Quantity = keyof ReturnType<typeof formulas>;

/** The sizes as they are usually stated, in GB, with half a unit of the last place. */
const STATED: readonly {
  n: number;
  m: number;
  cells: Readonly<Record<Quantity, readonly [number, number]>>;
}[] = [
  {
    n: 1_281_167,
    m: 2048,
    cells: {
      head: [10.495, 0.0005],
      "head and moments": [31.49, 0.005],
      "head, moments and gradient": [41.98, 0.005],
      logits: [1.31, 0.005],
      "resident rows": [0.00839, 0.000005],
    },
  },
  {
    n: 126_689,
    m: 2048,
    cells: {
      head: [1.04, 0.005],
      "head and moments": [3.11, 0.005],
      "head, moments and gradient": [4.15, 0.005],
      logits: [0.13, 0.005],
      "resident rows": [0.00839, 0.000005],
    },
  },
  {
    n: 50_000,
    m: 512,
    cells: {
      head: [0.102, 0.0005],
      "head and moments": [0.307, 0.0005],
      "head, moments and gradient": [0.41, 0.0005],
      logits: [0.05, 0.005],
      "resident rows": [0.0021, 0.00005],
    },
  },
];

/** Largest distance of a stated size from the formula, in half units of its last place. */
function statedError(unit: number): number {
  return Math.max(
    ...STATED.flatMap(({ n, m, cells }) =>
      Object.entries(formulas(n, m)).map(([name, bytes]) => {
        const [value, half] = cells[name as Quantity];
        return Math.abs(bytes / unit - value) / half;
      })
    ),
  );
}

async function planned(n: number) {
  const [diet, sdiet] = [await planImagenet("diet", n), await planImagenet("sdiet", n)];
  const { weights, moments, gradient } = diet.denseHead!;
  return {
    n,
    sdietPeak: sdiet.peakBytes,
    dietPeak: diet.peakBytes,
    bytes: {
      head: weights,
      "head and moments": weights + moments,
      "head, moments and gradient": weights + moments + gradient,
      logits: diet.denseLogits!,
      "resident rows": sdiet.headRows!.rows + sdiet.headRows!.gradient,
    } satisfies Record<Quantity, number>,
  };
}

async function measure(): Promise<Measured> {
  const plans: Awaited<ReturnType<typeof planned>>[] = [];
  for (const n of IMAGES) plans.push(await planned(n));
  const off = (name: Quantity, formula: (n: number) => number) =>
    Math.max(...plans.map((p) => Math.abs(p.bytes[name] - formula(p.n))));
  const wrong: Record<Quantity, { what: string; formula: (n: number) => number }> = {
    head: { what: "2 bytes a number", formula: (n) => n * M * 2 },
    "head and moments": { what: "one moment", formula: (n) => 2 * n * M * FLOAT },
    "head, moments and gradient": { what: "no gradient", formula: (n) => 3 * n * M * FLOAT },
    logits: { what: "logits over the batch", formula: () => B * B * FLOAT },
    "resident rows": { what: "all rows resident", formula: (n) => 4 * n * M * FLOAT },
  };
  const peaks = (name: "sdietPeak" | "dietPeak") => Math.max(...plans.map((p) => p[name])) - plans[0]![name];
  return {
    checks: [
      ...(Object.keys(wrong) as Quantity[]).map((name): Check => ({
        id: "X16",
        what: `${name}: planned bytes against the formula, N ${IMAGES.join(", ")}`,
        error: off(name, (n) => formulas(n, M)[name]),
        tolerance: 0,
        controls: [{ what: `${name}: ${wrong[name].what}`, error: off(name, wrong[name].formula) }],
      })),
      {
        id: "X16",
        what: "S-DIET's planned peak: growth from the smallest to the largest N in bytes",
        error: peaks("sdietPeak"),
        tolerance: 0,
        controls: [{ what: "DIET's planned peak", error: peaks("dietPeak") }],
      },
      {
        id: "X16",
        what: "15 stated sizes against the formulas, in half units of the last place",
        error: statedError(1e9),
        tolerance: 1,
        controls: [{ what: "powers of 1024", error: statedError(2 ** 30) }],
      },
    ],
    tables: [{
      title: "Bytes of the head by formula",
      headings: ["N, m", ...Object.keys(formulas(1, 1)), "steps between visits"],
      rows: STATED.map(({ n, m }) => [
        `${n}, ${m}`,
        ...Object.values(formulas(n, m)).map(String),
        (n / B).toFixed(1),
      ]),
    }],
    notes: [`Planned: ResNet-50 at 224 pixels, batch ${B}, AdamW on the head, rows of width ${M}.`],
  };
}

export const experiment: Experiment = exactExperiment({
  id: "sdiet/memory",
  title: "S-DIET: bytes of a head with a row per image",
  summary:
    "Formulas for head, moments, gradient, logits and resident rows against planned steps, to the byte",
  statements: {
    X16:
      "Head 4Nm bytes, with moments 12Nm, with gradient 16Nm, logits 4BN; S-DIET keeps 16Bm and does not grow with N.",
  },
  measure,
});
