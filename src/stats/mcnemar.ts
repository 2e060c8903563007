import { binomialCdf } from "./distributions.ts";
import { requireCount } from "./require.ts";

/** McNemar's exact test. `p` is two-sided; `discordant` is the number of items it rests on. */
export interface McnemarResult {
  readonly discordant: number;
  readonly p: number;
}

/**
 * Exact McNemar test for two checkpoints on one test set: `onlyFirst` items only the first classifies correctly,
 * `onlySecond` only the second. Under equal accuracy onlyFirst is Binomial(onlyFirst + onlySecond, 1/2). Without any
 * discordant item p is 1. Throws an AssayError for counts that are negative or not integers.
 */
export function mcnemarExact(onlyFirst: number, onlySecond: number): McnemarResult {
  requireCount("run McNemar's test on", "the items only the first gets right", onlyFirst, 0);
  requireCount("run McNemar's test on", "the items only the second gets right", onlySecond, 0);
  const discordant = onlyFirst + onlySecond;
  if (discordant === 0) return { discordant, p: 1 };
  const tail = binomialCdf(Math.min(onlyFirst, onlySecond), discordant, 0.5);
  return { discordant, p: Math.min(1, 2 * tail) };
}
