/**
 * Packing: values with lifetimes into heaps, so that no two overlap in space and time. A value goes to the lowest offset where it
 * overlaps no value that is alive with it (greedy offset packing; Pisarchyk & Lee, arXiv 2001.03288), so a packing is
 * an order of values, and any packing can be had by some order. Finding the best one is NP-hard; no packing needs less than the
 * largest sum of live bytes, which these orders reach for nearly every training step.
 */
import { AssayError } from "../base/error.ts";
import { PhiloxStream } from "../base/random.ts";
import { align, type Value } from "./value.ts";

/** Interval of dispatch indices, both ends included, in which a value's bytes must stay. */
export interface Lifetime {
  readonly value: Value;
  readonly first: number;
  readonly last: number;
}

/** Where a value lies. */
export interface Slot {
  readonly heap: number;
  readonly offset: number;
}

export interface Packing {
  /** Bytes of each heap. */
  readonly heaps: readonly number[];
  readonly slots: ReadonlyMap<Value, Slot>;
}

/** A lifetime while it is packed. */
interface Block {
  readonly life: Lifetime;
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
  heap: number;
  offset: number;
}

/** An order with the bytes that it needs in heaps of at most `cap`. */
interface Attempt {
  readonly order: readonly Block[];
  readonly cap: number;
  readonly bytes: number;
}

type Order = (a: Block, b: Block) => number;

const bySize: Order = (a, b) => b.bytes - a.bytes || a.first - b.first;
const byLength: Order = (a, b) => (b.last - b.first) - (a.last - a.first) || b.bytes - a.bytes;
const byBirth: Order = (a, b) => a.first - b.first || b.bytes - a.bytes;
const byDeath: Order = (a, b) => b.last - a.last || b.bytes - a.bytes;
const byArea: Order = (a, b) =>
  b.bytes * (b.last - b.first) - a.bytes * (a.last - a.first) || a.first - b.first;

/** Values below this share of the largest sum of live bytes may fill gaps that the others leave. */
const SMALL = 1 / 2000;
/** The search moves this many of the largest values; the others fill gaps. */
const MOVED = 320;
/** The search starts from so many of the best orders. */
const STARTS = 8;
/** Comparisons of two values that the search may make: some tenths of a second. */
const EFFORT = 1e8;
/** A packing within this factor of the bound is not searched on. */
const CLOSE = 1.0001;
/** Most walks, and the rounds of each. */
const WALKS = 64;
const PATIENCE = 60;
/** Shares of the largest buffer that heaps are also tried at: where large values fill a whole buffer badly. */
const CAPS = [0.97, 0.94, 0.9, 0.85, 0.8];

/**
 * Packs lifetimes into heaps of at most `maxBuffer` bytes. Several orders are tried, among them such that place first what
 * is alive at the peak: those values stack without gaps, and the rest must fit beside them. Then a search moves values
 * that end highest to earlier places. Stops where the packing needs no more than the largest sum of live bytes. Deterministic.
 */
export function pack(lives: readonly Lifetime[], maxBuffer: number): Packing {
  const blocks = lives.map((life): Block => ({
    ...{ life, bytes: align(life.value.bytes), first: life.first, last: life.last },
    ...{ heap: 0, offset: 0 },
  }));
  for (const { life, bytes } of blocks) {
    if (bytes > maxBuffer) {
      throw new AssayError(
        `Cannot place ${life.value}: it needs ${bytes} bytes and the largest buffer is ${maxBuffer} bytes; use a smaller batch or image.`,
      );
    }
  }
  const peak = largestLive(lives, Math.max(0, ...lives.map((l) => l.last)));
  const largest = Math.max(256, ...blocks.map((b) => b.bytes));
  const caps = peak.bytes > maxBuffer ? CAPS.map((c) => c * maxBuffer).filter((c) => c >= largest) : [];
  const orders = ordersAt(peak.at);
  let best = bestOf(attempts(blocks, orders, [maxBuffer, ...caps], peak.bytes));
  if (best.bytes > peak.bytes) {
    const sorted = [...blocks].sort(bySize);
    const large = sorted.slice(0, MOVED).filter((b) => b.bytes >= SMALL * peak.bytes);
    const small = sorted.slice(large.length);
    const starts = attempts(large, orders, [maxBuffer, ...caps], peak.bytes);
    const random = new PhiloxStream([0, 0]);
    // Short walks from the best orders in turn: a walk that is stuck seldom comes free.
    let effort = EFFORT;
    for (let walk = 0; walk < WALKS && effort > 0 && best.bytes > CLOSE * peak.bytes; walk++) {
      const { order, cap } = search(starts[walk % Math.min(STARTS, starts.length)]!, peak.bytes, random);
      effort -= PATIENCE * large.length ** 2 + 1;
      const full = [...order, ...small];
      best = bestOf([best, { order: full, cap, bytes: total(place(full, cap)) }]);
    }
  }
  const heaps = place(best.order, best.cap);
  return { heaps, slots: new Map(blocks.map((b) => [b.life.value, { heap: b.heap, offset: b.offset }])) };
}

/** Packs in every order at the first cap, then in the best order at the others, until the bound is met. Best first. */
function attempts(
  blocks: readonly Block[],
  orders: readonly Order[],
  caps: readonly number[],
  bound: number,
): Attempt[] {
  const found: Attempt[] = [];
  const attempt = (order: readonly Block[], cap: number): boolean => {
    const bytes = total(place(order, cap));
    found.push({ order, cap, bytes });
    found.sort((a, b) => a.bytes - b.bytes);
    return found[0]!.bytes <= bound;
  };
  if (!orders.some((order) => attempt([...blocks].sort(order), caps[0]!))) {
    caps.slice(1).some((cap) => attempt(found[0]!.order, cap));
  }
  return found;
}

/** The first of those with the fewest bytes. */
function bestOf(found: readonly Attempt[]): Attempt {
  return found.reduce((a, b) => b.bytes < a.bytes ? b : a);
}

/** Orders worth trying, the ones that succeed most often first. */
function ordersAt(peak: number): Order[] {
  const away = (b: Block): number => b.first <= peak && peak <= b.last ? 0 : 1;
  const firstAtPeak = (inner: Order, outer: Order): Order => (a, b) =>
    away(a) - away(b) || (away(a) === 0 ? inner(a, b) : outer(a, b));
  const distance = (b: Block): number => Math.max(b.first - peak, peak - b.last, 0);
  const byDistance: Order = (a, b) => distance(a) - distance(b) || b.bytes - a.bytes;
  return [
    ...[bySize, byArea, byLength, byBirth],
    ...[byBirth, byDeath, bySize, byLength, byArea].flatMap((inner) =>
      [bySize, byDistance, byArea, byLength].map((outer) => firstAtPeak(inner, outer))
    ),
  ];
}

/**
 * Local search over orders ("squeaky wheel", Joslin and Clements, JAIR 1999, one value at a time): a value among those that
 * end highest in their heap moves before one that stands in its way. What is no larger than before is kept, and
 * now and then what is a little larger.
 */
function search({ order, cap }: Attempt, bound: number, random: PhiloxStream): Attempt {
  let current = order, heaps = place(current, cap), bytes = total(heaps);
  for (let round = 0; round < PATIENCE && bytes > bound; round++) {
    const high = current.filter((b) => b.offset + b.bytes / 2 >= heaps[b.heap]! - b.bytes);
    const moved = high[random.below(high.length)]!;
    const from = current.indexOf(moved);
    const blocking = current.slice(0, from).filter((b) => b.first <= moved.last && moved.first <= b.last);
    const to = blocking.length > 0 && random.below(8) > 0
      ? current.indexOf(blocking[random.below(blocking.length)]!)
      : random.below(from + 1);
    const next = current.toSpliced(from, 1).toSpliced(to, 0, moved);
    const packed = place(next, cap);
    if (total(packed) <= bytes) [current, heaps, bytes] = [next, packed, total(packed)];
    else place(current, cap);
  }
  return { order: current, cap, bytes };
}

const total = (sizes: readonly number[]): number => sizes.reduce((a, b) => a + b, 0);

/** Gives every block its place and returns the bytes of the heaps. */
function place(order: readonly Block[], cap: number): number[] {
  /** Per heap, what is placed, sorted by offset. */
  const placed: Block[][] = [];
  const heaps: number[] = [];
  for (const block of order) {
    let heap = 0, offset = -1;
    for (;; heap++) {
      if (heap === placed.length) {
        placed.push([]);
        heaps.push(0);
      }
      offset = lowestGap(placed[heap]!, block, cap);
      if (offset >= 0) break;
    }
    block.heap = heap;
    block.offset = offset;
    const neighbours = placed[heap]!;
    let at = neighbours.length;
    while (at > 0 && neighbours[at - 1]!.offset > offset) at--;
    neighbours.splice(at, 0, block);
    heaps[heap] = Math.max(heaps[heap]!, offset + block.bytes);
  }
  return heaps;
}

/** Lowest offset with room beside everything alive at the same time, or -1 if the heap has none. */
function lowestGap(placed: readonly Block[], { first, last, bytes }: Block, cap: number): number {
  let offset = 0;
  for (const other of placed) {
    if (other.last < first || other.first > last) continue;
    if (other.offset - offset >= bytes) break;
    const end = other.offset + other.bytes;
    if (end > offset) offset = end;
  }
  return offset + bytes <= cap ? offset : -1;
}

/** Largest sum of live bytes over `count` dispatches, each value aligned, and where it occurs. */
export function largestLive(lives: readonly Lifetime[], count: number): { bytes: number; at: number } {
  const change = new Float64Array(count + 2);
  for (const { value, first, last } of lives) {
    change[first]! += align(value.bytes);
    change[last + 1]! -= align(value.bytes);
  }
  let bytes = 0, at = 0, live = 0;
  for (let i = 0; i <= count; i++) {
    live += change[i]!;
    if (live > bytes) {
      bytes = live;
      at = i;
    }
  }
  return { bytes, at };
}
