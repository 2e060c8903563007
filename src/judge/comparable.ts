import { type Conditions } from "./judgement.ts";
import { SCALES } from "../base/scales.ts";

/** Fields in which a run departs from a claim, whether it is a smaller version of it, and what could not be checked. */
export interface Comparison {
  /** `unit`, `dataset`, `scale` and `protocol.<key>`, in that order and then alphabetically. */
  readonly differs: readonly string[];
  /** The run's scale is below the claim's. */
  readonly reduced: boolean;
  readonly notes: readonly string[];
}

/**
 * Compares the conditions of a claim and a run. A protocol field that the claim states must be stated by the run and be
 * equal. A field that only the run states cannot be checked: it makes a note, not a difference.
 */
export function compareConditions(claim: Conditions, run: Conditions): Comparison {
  const differs: string[] = [];
  const notes: string[] = [];
  for (const field of ["unit", "dataset", "scale"] as const) {
    if (claim[field] === run[field]) continue;
    differs.push(field);
    notes.push(`${field}: the claim has ${claim[field]}, the run ${run[field]}.`);
  }
  const unstated: string[] = [];
  for (const key of [...new Set([...Object.keys(claim.protocol), ...Object.keys(run.protocol)])].sort()) {
    const claimed = claim.protocol[key];
    const used = run.protocol[key];
    if (claimed === used) continue;
    if (claimed === undefined) {
      unstated.push(`${key} = ${used}`);
      continue;
    }
    differs.push(`protocol.${key}`);
    notes.push(
      `protocol.${key}: the claim has ${claimed}, the run ${
        used === undefined ? "does not state it" : used
      }.`,
    );
  }
  if (unstated.length > 0) {
    notes.push(`The claim does not state these choices of the run: ${unstated.join(", ")}.`);
  }
  return { differs, reduced: SCALES.indexOf(run.scale) < SCALES.indexOf(claim.scale), notes };
}
