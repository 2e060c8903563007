/** Parts of specifications: fields that a table, row, column or scale sets. Where two parts set a field the later one counts. */
import type { OptimizerInput } from "../../record/spec/optimizer.ts";
import type { RunSpecInput } from "../../record/spec/spec.ts";

/** An encoder whose weights are fixed: of a file by digest, or of a row of the same table (with the same seed). */
export type TeacherPart =
  | NonNullable<RunSpecInput["teacher"]>
  | { readonly row: string };

/** Fields of a run that a part decides; what is absent is left to the parts before it. */
export interface Part {
  readonly method?: string;
  /** Hyper-parameters by the method's letters; parts are joined letter by letter. */
  readonly hyper?: NonNullable<RunSpecInput["hyper"]>;
  /** An encoder by name at its own width, or with its options. */
  readonly encoder?: string | RunSpecInput["encoder"];
  readonly teacher?: TeacherPart;
  /** A recipe by name, for as many views as the method takes; or the groups. */
  readonly views?: string | RunSpecInput["views"];
  /** Side of the views, and of the stored images unless `stored` says otherwise. */
  readonly size?: number;
  readonly stored?: number;
  /** Whole: fields of an earlier part's optimizer are not kept. */
  readonly optimizer?: OptimizerInput;
  readonly batch?: number;
  readonly epochs?: number;
  /** Factor of the length that this part, or else the parts before it, decided. */
  readonly longer?: number;
  readonly steps?: number;
  readonly gradientEvaluations?: number;
  readonly checkpointEvery?: NonNullable<RunSpecInput["checkpointEvery"]>;
  /** Dataset by name. */
  readonly data?: string;
  /**
   * Splits by use, where they are not `train` and `test` of the dataset: pretraining on images without labels (`train`), or
   * images that a probe names as its own. `data` is another dataset.
   */
  readonly splits?: Readonly<
    Record<string, { readonly data?: string; readonly split: string; readonly perClass?: number | null }>
  >;
  /** Training images that a plan counts on, where they are not those of the dataset. */
  readonly images?: number;
}

/** How a run may end; a part that names one drops what parts before it said of the others. */
const ENDINGS = ["epochs", "steps", "gradientEvaluations"] as const;

/** One part out of several; `hyper` is joined by letter, `longer` multiplies the length that was decided before it. */
export function joinParts(...parts: readonly (Part | undefined)[]): Part {
  return parts.reduce<Part>((all, next) => {
    if (!next) return all;
    const { longer = 1, ...rest } = next;
    const { epochs, steps, gradientEvaluations, ...before } = all;
    const own = ENDINGS.some((name) => rest[name] !== undefined);
    const length = own ? rest : { epochs, steps, gradientEvaluations };
    const hyper = all.hyper || next.hyper ? { hyper: { ...all.hyper, ...next.hyper } } : {};
    const splits = all.splits || next.splits ? { splits: { ...all.splits, ...next.splits } } : {};
    return { ...before, ...rest, ...hyper, ...splits, ...times(length, longer) };
  }, {});
}

function times(
  length: Readonly<Partial<Record<typeof ENDINGS[number], number | undefined>>>,
  factor: number,
): Part {
  const decided = ENDINGS.flatMap((name) =>
    length[name] === undefined ? [] : [[name, length[name] * factor]]
  );
  return Object.fromEntries(decided);
}
