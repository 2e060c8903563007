/**
 * The words of a table file. A table is a value: running, resuming, telling from logs, planning, options, plots and the
 * report follow from it.
 */
import type { Scale } from "../../base/scales.ts";
import type { Role } from "../../base/roles.ts";
import type { ProbeInput } from "../../record/spec/probe.ts";
import type { Check } from "./checks.ts";
import type { Part } from "./part.ts";

export * from "./checks.ts";

/** A row of a table: a training, or a baseline without training. */
export type Row =
  | (Part & { readonly method: string; readonly name?: string; readonly about?: string })
  /** The encoder with its initial values, evaluated by the runs of the same seeds before their first step. */
  | { readonly untrained: true; readonly name?: string }
  /** The images themselves as features, under the probes named. */
  | { readonly pixels: readonly string[]; readonly name?: string };

/** A row that trains a method. `name` is its heading where that differs from its id, `about` a sentence on it. */
export const train = (
  method: string,
  part: Omit<Part, "method"> & { readonly name?: string; readonly about?: string } = {},
): Row => ({ method, ...part });
/** A row of the encoder with its initial values. */
export const untrained: Row = { untrained: true, name: "untrained encoder" };
/** Raw pixels under the probes of these measures. */
export const pixels = (...measures: readonly string[]): Row => ({ pixels: measures, name: "raw pixels" });

/** What a cell shows. */
export type Measure =
  /** A probe of each run, in percent (or the named value of it), one value a seed. */
  | { readonly kind: "probe"; readonly probe: ProbeInput; readonly value?: string; readonly heading?: string }
  /** Points by which a probe measure is above its own untrained encoder, paired by seed. */
  | { readonly kind: "gain"; readonly of: string }
  /** Bytes of one step by plan: of the run's own, or of the step that `part` makes of it. */
  | { readonly kind: "planned"; readonly part?: Part; readonly settings?: string; readonly heading?: string }
  /** Bytes of a head with one row an image in the planned step, or of its store on disk. */
  | {
    readonly kind: "head";
    readonly of: HeadPart;
    readonly part?: Part;
    readonly settings?: string;
    readonly heading?: string;
  }
  /** Bytes that a run allocated, and bytes that its own step was planned to need. */
  | { readonly kind: "measured" }
  | { readonly kind: "planned-here" }
  /** Milliseconds of a step (median), seconds of training. */
  | { readonly kind: "stepMs" }
  | { readonly kind: "seconds" }
  | { readonly kind: "epochs" }
  /** Augmented images that went through the encoder. */
  | { readonly kind: "images" }
  | { readonly kind: "gradient-evaluations" }
  /** A series that the method reports, its last value. */
  | { readonly kind: "metric"; readonly name: string; readonly heading?: string }
  /** A field of the specification by its path. */
  | { readonly kind: "field"; readonly path: string; readonly heading: string }
  /** Program hash of the training step. */
  | { readonly kind: "program" }
  /** A measure over the same measure of another row. */
  | { readonly kind: "ratio"; readonly of: string; readonly to: string; readonly heading: string };

/** Parts of a head with one row an image: on the GPU, or S-DIET's file. */
export type HeadPart = "weights" | "moments" | "gradient" | "gpu" | "logits" | "disk";

/** A probe at the end of a run; `curve` takes it at the start and between as well, `of` is a stage such as `stage2`. */
const probe = (input: ProbeInput, { curve = false, of, heading, ...other }: ProbeOptions = {}): Measure => ({
  kind: "probe",
  ...(other as object), // an option that is none is refused with the table
  probe: { ...input, ...(of !== undefined && { of }), ...(curve && { at: ["start", "end"] }) },
  ...(heading !== undefined && { heading: of === undefined ? heading : `${heading}, ${of}` }),
});
export interface ProbeOptions {
  readonly curve?: boolean;
  readonly of?: string;
  readonly heading?: string;
}
/** Weighted kNN by cosine with k neighbours and temperature T, in percent. */
export const knn = (k: number, T: number, options?: ProbeOptions): Measure =>
  probe({ kind: "knn", k, T }, { heading: "kNN", ...options });
/** 1-NN by cosine, in percent. */
export const nearest = (options?: ProbeOptions): Measure =>
  probe({ kind: "1-nn" }, { heading: "1-NN", ...options });
/** Linear classifier by a protocol of src/eval/protocols.ts, or `lbfgs`; of its last epoch or its best. */
export const linear = (
  protocol: string,
  options?: ProbeOptions & { readonly selection?: "last" | "best" },
): Measure =>
  probe(
    { kind: "linear", protocol, ...(options?.selection && { selection: options.selection }) },
    { heading: "linear", ...options },
  );
/** The spread of features: RankMe, or the mean standard deviation of normalised features. */
export const collapse = (value: "rankme" | "std"): Measure => ({
  kind: "probe",
  probe: { kind: "collapse" },
  value,
  heading: value === "rankme" ? "RankMe" : "feature std",
});
/** Points over the untrained encoder of the same seed. */
export const gain = (of: string): Measure => ({ kind: "gain", of });
/** Planned bytes of the step that a part (and the named settings of each method) make of a row. */
export const planned = (part?: Part, settings?: string, heading?: string): Measure => ({
  kind: "planned",
  ...(part && { part }),
  ...(settings !== undefined && { settings }),
  ...(heading !== undefined && { heading }),
});
/** Bytes of a head with one row an image in the step that a part and the named settings make of a row. */
export const heads = (part: Part, settings: string) => {
  const head = (of: HeadPart, heading: string): Measure => ({ kind: "head", of, part, settings, heading });
  return {
    "head-on-gpu": head("gpu", "head on the GPU"),
    "head-on-disk": head("disk", "store on disk"),
    "head-weights": head("weights", "head, weights"),
    "head-moments": head("moments", "head, moments"),
    "head-logits": head("logits", "logits"),
  };
};
/** A field of the specification by its path. */
export const field = (path: string, heading: string): Measure => ({ kind: "field", path, heading });
/** A measure over the same measure of the row `to`. */
export const ratio = (of: string, to: string, heading: string): Measure => ({
  kind: "ratio",
  of,
  to,
  heading,
});
/** The last value of a series that the method reports. */
export const metric = (name: string, heading?: string): Measure => ({
  kind: "metric",
  name,
  ...(heading !== undefined && { heading }),
});
/** Gradient evaluations that a run made. */
export const gradientEvaluations: Measure = { kind: "gradient-evaluations" };
/** Program hash of the training step. */
export const program: Measure = { kind: "program" };
/** What a run allocated and took, by the usual ids. */
export const MEASURED = {
  measured: { kind: "measured" },
  plannedHere: { kind: "planned-here" },
  stepMs: { kind: "stepMs" },
  seconds: { kind: "seconds" },
} as const;
/** The same, and how much it trained. */
export const COUNTED = { epochs: { kind: "epochs" }, images: { kind: "images" }, ...MEASURED } as const;

/** A grid after the main one. */
export type Beside =
  /** Chosen rows under chosen measures; with columns, a measure a line. */
  | {
    readonly title: string;
    readonly note?: string;
    readonly rows: readonly string[];
    readonly measures: readonly string[];
    readonly columns?: Readonly<Record<string, Part>>;
  }
  /** Differences of pairs of rows, paired by seed. */
  | {
    readonly title: string;
    readonly note?: string;
    readonly differences: readonly (readonly [first: string, second: string, of?: string])[];
    readonly measures: readonly string[];
  };

/** What a scale trains, and on what. */
export interface Setting {
  readonly data: string;
  /** Images of each class, for training and for test; absent: all. */
  readonly perClass?: readonly [train: number, test: number];
  readonly seeds: readonly number[];
  /** Named settings that each method starts from: `small`, or `published` (by method and dataset). */
  readonly settings: string;
  readonly all?: Part;
  readonly rows?: Readonly<Record<string, Part>>;
  /** Epochs between the points of a curve. */
  readonly every?: number;
  /** Fields of probes that are different at this scale, by measure. */
  readonly probes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Table {
  readonly kind: "table";
  /** `<paper>/<table>`. */
  readonly id: string;
  readonly title: string;
  /** What it shows, in one sentence, for the list of tables. */
  readonly summary: string;
  readonly rows: Readonly<Record<string, Row>>;
  /** Each combination of a row and a column is a run a seed; without columns there is one. */
  readonly columns?: Readonly<Record<string, Part>>;
  readonly measures: Readonly<Record<string, Measure>>;
  /** Measures that the main grid does not show; checks and further grids use them. */
  readonly hidden?: readonly string[];
  readonly scales: Readonly<Partial<Record<Scale, Setting>>>;
  readonly beside?: readonly Beside[];
  readonly checks: readonly Check[];
  /** Remarks for the report; a remark with a scale is printed at that scale alone. */
  readonly notes?: readonly (string | { readonly scale: Scale; readonly note: string })[];
  /** A role whose bytes are stacked in the plot of planned bytes; absent: all. */
  readonly roles?: readonly Role[];
}

/** Columns for values of one field of a part, or of a hyper-parameter by its letter, such as `hyper.T`. */
export const knob = (
  field: keyof Part | `hyper.${string}`,
  values: readonly (number | string)[],
): Readonly<Record<string, Part>> =>
  Object.fromEntries(values.map((value) => [
    typeof value === "number" ? value.toLocaleString("en-US") : value,
    field.startsWith("hyper.") ? { hyper: { [field.slice("hyper.".length)]: value } } : { [field]: value },
  ]));

/** A table file's value. */
export const table = (value: Omit<Table, "kind">): Table => ({ kind: "table", ...value });
