import { benjaminiHochberg, holm } from "../stats/multiplicity.ts";
import { type DirectionCase, judgeDirection } from "./direction.ts";
import { type ExactCase, judgeExact } from "./exact.ts";
import type { Judgement } from "./judgement.ts";
import { judge, type ValueCase } from "./value.ts";

/** One question, of any kind. */
export type Case =
  | { readonly id: string; readonly kind: "value"; readonly input: ValueCase }
  | { readonly id: string; readonly kind: "direction"; readonly input: DirectionCase }
  | { readonly id: string; readonly kind: "exact"; readonly input: ExactCase };

export interface JudgeOptions {
  /** Level of each one-sided test and of the correction, 0.05 unless told. */
  readonly level?: number;
  /**
   * `benjamini-hochberg` bounds the expected share of false decisions and is what reports use; `holm` bounds the chance
   * of any false decision.
   */
  readonly correction?: "benjamini-hochberg" | "holm";
}

/** A case's judgement after correction; `adjusted` is null where no test was made. */
export interface Judged extends Judgement {
  readonly id: string;
  readonly level: number;
  readonly adjusted: { readonly holds: number; readonly fails: number } | null;
  /** Which of the two p-values the case alone would be decided by. */
  readonly side: "holds" | "fails";
}

/**
 * The one way to verdicts: judges cases together, as one family. Published claims and own checks are two families, so a
 * table calls this once for each.
 *
 * Two families of p-values are corrected, each at the level over all tested cases: "this holds" (REPRODUCED, or a
 * direction that is supported) and "this fails" (EXCEEDS, BELOW, or contradicted). A decision that does not survive
 * becomes INCONCLUSIVE or undecided and says so behind its inequality; the interval keeps the level, as all of a page do.
 * Seeds that would decide are for level / (tested cases), the strictest that the correction can ask for. No case gets a
 * stronger verdict than it has alone. Cases compared exactly and cases without a test are left as they are. A total,
 * pure function.
 */
export function judgeAll(cases: readonly Case[], options: JudgeOptions = {}): Judged[] {
  const { level = 0.05, correction = "benjamini-hochberg" } = options;
  const correct = correction === "holm" ? holm : benjaminiHochberg;
  const single = cases.map((c) => judgeOne(c, level));
  const tested = single.flatMap(({ p }, i) => p === null ? [] : [i]);
  const holds = correct(tested.map((i) => single[i]!.p!.holds));
  const fails = correct(tested.map((i) => single[i]!.p!.fails));
  const label = correction === "holm" ? "Holm" : "Benjamini-Hochberg";
  const place = new Map(tested.map((index, at) => [index, at]));
  return single.map((judgement, i) => {
    const at = place.get(i);
    const { id } = cases[i]!;
    if (at === undefined) return { ...judgement, id, level, adjusted: null, side: "holds" };
    const adjusted = { holds: holds[at]!, fails: fails[at]! };
    const decided = decisionOf(judgement);
    const side = decided === "fails" ? "fails" : "holds";
    const own = { ...judgement, id, level, adjusted, side } as const;
    if (tested.length === 1 || (decided !== "open" && adjusted[side] <= level)) return own;
    // The interval stays at the level of all others on the page; what the correction takes back, p says.
    const { seedsNeeded } = judgeOne(cases[i]!, level / tested.length);
    const open = { ...own, seedsNeeded };
    if (decided === "open") return open;
    const alone = judgement.direction === null ? judgement.verdict : words[decided];
    return {
      ...open,
      ...(judgement.direction === null ? { verdict: "INCONCLUSIVE" } : { direction: "undecided" }),
      inequality: `${judgement.inequality}, but p = ${show(judgement.p![side])}, after ${label} over ` +
        `${tested.length} ${show(adjusted[side])} > ${level}`,
      notes: [...judgement.notes, `${alone} if it were the only question.`, ...seedsNote(seedsNeeded)],
    };
  });
}

const words = { holds: "Supported", fails: "Contradicted" } as const;

const seedsNote = (seeds: number | null): string[] =>
  seeds === null ? [] : [`About ${seeds} seeds would decide under the strictest correction.`];

/** What a judgement with a test decides. */
function decisionOf({ verdict, direction }: Judgement): "holds" | "fails" | "open" {
  if (direction === "supports" || verdict === "REPRODUCED") return "holds";
  return direction === "contradicts" || verdict === "EXCEEDS" || verdict === "BELOW" ? "fails" : "open";
}

function judgeOne(one: Case, alpha: number): Judgement {
  if (one.kind === "exact") return judgeExact(one.input);
  return one.kind === "value" ? judge({ ...one.input, alpha }) : judgeDirection({ ...one.input, alpha });
}

function show(p: number): string {
  return String(Number(p.toPrecision(3)));
}
