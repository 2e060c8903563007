/** Bytes of a head with a row per image: the formulas against planned training steps, byte for byte. */
import type { Experiment } from "../../src/repro/experiment.ts";
import { IMAGENET, planStep } from "../../src/repro/plan_step.ts";
import { settingsOf } from "../../src/repro/presets/settings.ts";
import { joinParts } from "../../src/repro/table/part.ts";
import { type Check, exactExperiment, type Measured } from "../exact/check.ts";

const B = 256, M = 2048, FLOAT = 4;
const IMAGES = [50_000, 126_689, 1_281_167];

/** Bytes by the formulas of a head of n rows of width M, batches of B. */
const formulas = (n: number) => ({
  head: n * M * FLOAT,
  "head and moments": 3 * n * M * FLOAT,
  "head, moments and gradient": 4 * n * M * FLOAT,
  logits: B * n * FLOAT,
  "resident rows": 4 * B * M * FLOAT,
});

type Quantity = keyof ReturnType<typeof formulas>;

async function planned(n: number) {
  const plan = (method: string) =>
    planStep(joinParts(settingsOf("published", method, IMAGENET.data!), IMAGENET, { method, images: n }));
  const [diet, sdiet] = [await plan("diet"), await plan("sdiet")];
  const { weights, moments, gradient, logits } = diet.head as Required<NonNullable<typeof diet.head>>;
  return {
    n,
    sdietPeak: sdiet.peakBytes,
    dietPeak: diet.peakBytes,
    bytes: {
      head: weights,
      "head and moments": weights + moments,
      "head, moments and gradient": weights + moments + gradient,
      logits,
      "resident rows": sdiet.head!.gpu,
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
        error: off(name, (n) => formulas(n)[name]),
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
    ],
    tables: [{
      title: "Bytes of the head by formula",
      headings: ["N", ...Object.keys(formulas(1)), "steps between visits"],
      rows: IMAGES.map((n) => [
        String(n),
        ...Object.values(formulas(n)).map(String),
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
