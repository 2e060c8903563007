import { binomialSe } from "../stats/wilson.ts";

/** What 1 stands for in a unit that expresses a share of test items, or `null` for any other unit. */
function whole(unit: string): number | null {
  return unit === "percent" ? 100 : unit === "fraction" ? 1 : null;
}

/** The step between two possible values of a share of `size` test items, in its unit; 0 when it is no such share. */
export function itemStep(unit: string, size: number | null): number {
  const one = whole(unit);
  return one !== null && size !== null && size >= 1 ? one / size : 0;
}

/**
 * Binomial standard error of a measured share, in its unit: how much it would vary over test sets of this size. `null` when
 * the quantity is not a share of items, or its value cannot be one.
 */
export function samplingError(
  value: number,
  unit: string,
  size: number | null,
): { readonly size: number; readonly se: number } | null {
  const one = whole(unit);
  if (one === null || size === null || !Number.isSafeInteger(size) || size < 1) return null;
  const share = value / one;
  return share >= 0 && share <= 1 ? { size, se: one * binomialSe(share, size) } : null;
}
