/**
 * Memory against arithmetic: ways to run a program with fewer bytes and more recomputation, and the cheapest of them that
 * fits a budget. Every way gives the same bits, so all share one program hash. Pure, no device.
 */
import { failure } from "../base/error.ts";
import { liveBytes, type Plan, plan, type PlanOptions } from "./planner.ts";
import type { Program } from "./program.ts";
import { recomputed } from "./recompute.ts";
import { rematerialise, type Weighing } from "./rematerialise.ts";

/** One way to run a program. */
export interface Trade {
  readonly program: Program;
  /** Floating-point operations of a step. */
  readonly flops: number;
  /** Largest sum of live planned bytes: packing needs at least these. */
  readonly live: number;
}

/** Limits to walk under, each this share of the one before. */
const STEP = 0.97;
/** Limits in a row under which no weighing finds a way before the search ends. */
const MISSES = 3;
/** Found by trying twenty-four: each of these is best somewhere between ResNet-50 with one view and with local losses. */
const WEIGHINGS: readonly Weighing[] = [
  { distance: 0.5, descendants: false, traffic: 1 },
  { distance: 1, descendants: true, traffic: 1 },
  { distance: 0.25, descendants: false, traffic: 4 },
  { distance: 1, descendants: true, traffic: 4 },
];
/** Operations that the default plan of several local losses may cost beside those of `recompute`. */
const LOCAL_FLOPS = 1.02;

/**
 * The program without a budget: `recompute`, or for local losses, which would keep each other's values then, the least bytes
 * at little more arithmetic.
 */
export function defaultProgram(program: Program): Program {
  const { program: usual, shared } = recomputed(program);
  return shared ? leastAt(program, tradeOf(usual)).sameAs(program) : usual;
}

/** Ways to run `program`, from many bytes to few: each has fewer bytes and more operations than the one before. */
export function trades(program: Program): Trade[] {
  const usual = defaultProgram(program);
  const found = [tradeOf(program), tradeOf(usual)];
  let misses = 0;
  for (const limit of limits(program)) {
    if (misses === MISSES) break;
    const ways = walks(program, limit);
    misses = ways.length === 0 ? misses + 1 : 0;
    found.push(...ways);
  }
  return undominated(found.map((t) => ({ ...t, program: t.program.sameAs(usual) })));
}

/**
 * The plan of `program` that fits `budget` bytes, everything allocated counted, at the fewest operations. A larger budget
 * never costs more of them. Throws where no way fits, with the least that one needs.
 */
export function planWithin(program: Program, budget: number, options: PlanOptions = {}): Plan {
  let least = Infinity;
  for (const { program: way } of trades(program)) {
    const planned = plan(way, options);
    if (planned.peakBytes <= budget) return planned;
    least = Math.min(least, planned.peakBytes);
  }
  throw failure({
    operation: "plan",
    object: "the step",
    required: `it must fit the memory budget of ${budget} bytes`,
    found: `it needs at least ${least} bytes`,
    wayOut: "raise the budget or use a smaller batch, image or encoder",
  });
}

function tradeOf(program: Program): Trade {
  return { program, flops: program.flops, live: liveBytes(program) };
}

/** Limits from everything kept downwards. */
function* limits(program: Program): Generator<number> {
  for (let limit = liveBytes(program); limit >= 256; limit *= STEP) yield Math.floor(limit);
}

function walks(program: Program, limit: number): Trade[] {
  return WEIGHINGS.flatMap((weighing) => {
    const found = rematerialise(program, limit, weighing);
    return found ? [tradeOf(found)] : [];
  });
}

/** Sorted by operations, without those that another beats in both. */
function undominated(found: readonly Trade[]): Trade[] {
  const kept: Trade[] = [];
  for (const t of found.toSorted((a, b) => a.flops - b.flops || a.live - b.live)) {
    if (kept.length === 0 || t.live < kept.at(-1)!.live) kept.push(t);
  }
  return kept;
}

/** The way with the fewest live bytes at little more operations than `usual`, by bisection over the limits. */
function leastAt(program: Program, usual: Trade): Program {
  const all = [...limits(program)];
  let best = usual, low = 0, high = all.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const [cheapest] = walks(program, all[middle]!).toSorted((a, b) => a.flops - b.flops || a.live - b.live);
    if (cheapest && cheapest.flops <= LOCAL_FLOPS * usual.flops) {
      low = middle;
      if (cheapest.live < best.live) best = cheapest;
    } else high = middle;
  }
  return best.program;
}
