import { benjaminiHochberg, holm } from "../stats/multiplicity.ts";
import { type DirectionCase, judgeDirection } from "./direction.ts";
import { type ExactCase, judgeExact } from "./exact.ts";
import type { Judgement } from "./judgement.ts";
import { judge, type ValueCase } from "./value.ts";

/** A row of a table of claims, of any kind. */
export type TableCase =
  | { readonly id: string; readonly kind: "value"; readonly input: ValueCase }
  | { readonly id: string; readonly kind: "direction"; readonly input: DirectionCase }
  | { readonly id: string; readonly kind: "exact"; readonly input: ExactCase };

/** `gate` bounds the chance of any false decision (Holm); `report` the expected share of false ones (Benjamini-Hochberg). */
export interface TableOptions {
  readonly purpose: "gate" | "report";
  readonly alpha?: number;
}

/** A row's judgement after adjustment; `adjusted` is null where no test was made. */
export interface TableJudgement extends Judgement {
  readonly id: string;
  readonly adjusted: { readonly holds: number; readonly fails: number } | null;
}

/**
 * Judges a table of claims. Two families are adjusted, each at alpha over all tested rows: "this claim holds"
 * (REPRODUCED) and "this claim fails" (EXCEEDS, BELOW). A row whose own verdict does not survive becomes INCONCLUSIVE,
 * with the number of seeds that would decide at alpha / (tested rows), the strictest level the adjustment can ask for. No row
 * gets a stronger verdict than it has alone. Rows compared exactly and rows without a test are left as they are.
 * A total, pure function.
 */
export function judgeTable(rows: readonly TableCase[], options: TableOptions): TableJudgement[] {
  const alpha = options.alpha ?? 0.05;
  const adjust = options.purpose === "gate" ? holm : benjaminiHochberg;
  const single = rows.map((row) => judgeRow(row, alpha));
  const tested = single.flatMap(({ p }, i) => p === null ? [] : [i]);
  const holds = adjust(tested.map((i) => single[i]!.p!.holds));
  const fails = adjust(tested.map((i) => single[i]!.p!.fails));
  const label = options.purpose === "gate" ? "Holm" : "Benjamini-Hochberg";
  const place = new Map(tested.map((row, at) => [row, at]));
  return single.map((judgement, i) => {
    const at = place.get(i);
    const id = rows[i]!.id;
    if (at === undefined) return { ...judgement, id, adjusted: null };
    const adjusted = { holds: holds[at]!, fails: fails[at]! };
    const family = `${label} over ${tested.length} rows`;
    const { verdict, p } = judgement;
    const [raw, reached] = verdict === "REPRODUCED" ? [p!.holds, adjusted.holds] : [p!.fails, adjusted.fails];
    const sum = `p = ${show(raw)}, after ${family} ${show(reached)}`;
    if (verdict !== "INCONCLUSIVE" && reached <= alpha) {
      return { ...judgement, id, adjusted, notes: [...judgement.notes, `${sum} <= ${alpha}.`] };
    }
    const level = alpha / tested.length;
    const strict = judgeRow(rows[i]!, level);
    const why = verdict === "INCONCLUSIVE"
      ? `Undecided before ${family} too`
      : `${verdict} alone, but ${sum} > ${alpha}`;
    const note = `${why}; interval and seeds are for the level ${show(level)}.`;
    return { ...strict, verdict: "INCONCLUSIVE", id, adjusted, notes: [...strict.notes, note] };
  });
}

function judgeRow(row: TableCase, alpha: number): Judgement {
  if (row.kind === "exact") return judgeExact(row.input);
  return row.kind === "value" ? judge({ ...row.input, alpha }) : judgeDirection({ ...row.input, alpha });
}

function show(p: number): string {
  return String(Number(p.toPrecision(3)));
}
