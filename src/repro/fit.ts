/** `plan --fit`: the largest batch whose planned peak fits the memory of common cards. */
import { AssayError } from "../base/error.ts";
import { planReport, type PlanRequest } from "./plan_report.ts";

/** Memory of common cards in GiB. */
export const CARDS = [8, 12, 16, 24, 40, 80] as const;
/** Batches are multiples of this. */
const GRAIN = 8;
/** Largest batch looked for. */
const MOST = 16_384;

/** The JSON of `plan --fit --json`; its field names are an interface. */
export interface FitReport extends Omit<PlanRequest, "batch" | "memoryBudget"> {
  readonly cards: readonly {
    readonly gibibytes: number;
    /** Images per step, a multiple of 8; 0 where not even 8 fit. */
    readonly batch: number;
    /** Of that batch; 0 where there is none. */
    readonly peakBytes: number;
  }[];
}

/**
 * Plans batches until the largest is found for each card. What else holds memory of a card (the driver, a desktop) is not
 * counted. A batch whose step cannot be recorded counts as too large.
 */
export async function fitReport(request: Omit<PlanRequest, "batch" | "memoryBudget">): Promise<FitReport> {
  const known = new Map<number, number>();
  const peak = async (batch: number): Promise<number> => {
    const found = known.get(batch) ?? await peakOf({ ...request, batch });
    known.set(batch, found);
    return found;
  };
  const cards = [];
  for (const gibibytes of CARDS) {
    const budget = gibibytes * 2 ** 30;
    const batch = await largest(async (b) => await peak(b) <= budget, await guess(peak, budget));
    cards.push({ gibibytes, batch, peakBytes: batch > 0 ? await peak(batch) : 0 });
  }
  return { ...request, cards };
}

async function peakOf(request: PlanRequest): Promise<number> {
  try {
    return (await planReport(request)).peakBytes;
  } catch (error) {
    if (error instanceof AssayError && /use a smaller batch/.test(error.message)) return Infinity;
    throw error;
  }
}

/** Bytes are nearly a straight line over the batch: where it meets the budget, in whole grains. */
async function guess(peak: (batch: number) => Promise<number>, budget: number): Promise<number> {
  const [a, b] = [4 * GRAIN, 8 * GRAIN];
  const [atA, atB] = [await peak(a), await peak(b)];
  const batch = a + (budget - atA) * (b - a) / (atB - atA);
  return Number.isFinite(batch) ? Math.floor(Math.min(Math.max(batch, GRAIN), MOST) / GRAIN) : 1;
}

/** Largest multiple of the grain that fits, by doubling steps away from a guess and bisection between. */
async function largest(fits: (batch: number) => Promise<boolean>, guess: number): Promise<number> {
  const most = MOST / GRAIN;
  let low = guess, high = guess + 1;
  if (await fits(guess * GRAIN)) {
    for (let step = 1; high <= most && await fits(high * GRAIN); step *= 2) [low, high] = [high, high + step];
    high = Math.min(high, most + 1);
  } else {
    for (let step = 1; low > 0 && (low === guess || !(await fits(low * GRAIN))); step *= 2) {
      [low, high] = [Math.max(0, low - step), low];
    }
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (await fits(middle * GRAIN)) low = middle;
    else high = middle;
  }
  return low * GRAIN;
}
