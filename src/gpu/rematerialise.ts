/**
 * Rematerialisation under a limit: a walk along the dispatch list that never holds more than `limit` bytes of planned
 * values. Where the next dispatch does not fit, values are dropped that cost least to compute again for the bytes and the
 * time they free; a dropped value is computed again, by its own dispatch on the same inputs, where it is read next. No bit of
 * the result changes. The idea is that of dynamic tensor rematerialisation (Kirisame et al., arXiv 2006.09616) with
 * one difference: a recorded program shows when each value is read next.
 */
import { changesOf, usesOf } from "./positions.ts";
import type { Dispatch, Program } from "./program.ts";
import { align, type Value } from "./value.ts";

/** How the walk weighs what it may drop. No weighing is best everywhere, so a search tries several. */
export interface Weighing {
  /** Exponent of the number of dispatches until a value is read next: 0 looks at cost and bytes alone. */
  readonly distance: number;
  /** Whether the cost of a value includes dropped values that would be computed from it. */
  readonly descendants: boolean;
  /** Operations that a byte of memory traffic is counted as, so that elementwise dispatches are not free. */
  readonly traffic: number;
}

/** A value worth dropping is at least this share of the limit: small ones add dispatches and free little. */
const SMALLEST = 1 / 4096;
/** A walk that repeats more than this many times the dispatches of the program is given up. */
const MOST_AGAIN = 4;

/** What the walk knows of a planned value. */
interface Item {
  readonly value: Value;
  readonly bytes: number;
  readonly maker: Dispatch;
  /** Position of the maker. */
  readonly at: number;
  readonly inputs: readonly Item[];
  /** Droppable values made from this one. */
  readonly children: Item[];
  /** Positions of the dispatches that read it; the number of dispatches stands for "after the step". */
  readonly uses: readonly number[];
  readonly cost: number;
  droppable: boolean;
  /** Index into `uses` of the next one. */
  next: number;
  /** Its maker has run. */
  made: boolean;
  /** The value that holds it now. */
  copy: Value | undefined;
  /** Dispatches in preparation that need it where it is. */
  locks: number;
  /** Number of the last search that visited it. */
  seen: number;
}

/**
 * The program rewritten so that planned values never take more than `limit` bytes at a time (each aligned), or undefined
 * if the walk finds no way. Packing may need somewhat more than the limit.
 */
export function rematerialise(program: Program, limit: number, weighing: Weighing): Program | undefined {
  let found = false;
  const result = program.rewrite((fresh) => {
    const walk = new Walk(program, limit, weighing, fresh);
    found = walk.run();
    return walk.out;
  });
  return found ? result : undefined;
}

class Walk {
  readonly out: Dispatch[] = [];
  readonly #items = new Map<Value, Item>();
  readonly #droppable = new Set<Item>();
  readonly #program: Program;
  #live = 0;
  #now = 0;
  #again = 0;

  constructor(
    program: Program,
    readonly limit: number,
    readonly weighing: Weighing,
    readonly fresh: (like: Value, label: string) => Value,
  ) {
    this.#program = program;
    const count = program.dispatches.length;
    const uses = usesOf(program);
    for (const [at, maker] of program.dispatches.entries()) {
      const inputs = this.#planned(maker.read);
      for (const value of maker.write.values()) {
        if (value.arena) continue;
        const read = uses.get(value) ?? [];
        this.#items.set(value, {
          ...{ value, bytes: align(value.bytes), maker, at, inputs, children: [], droppable: false },
          ...{
            uses: program.outputs.has(value) ? [...read, count] : read,
            cost: costOf(maker, weighing.traffic),
          },
          ...{ next: 0, made: false, copy: undefined, locks: 0, seen: 0 },
        });
      }
    }
    this.#findDroppable();
  }

  /** From the last value to the first: how late a value may have to be computed again depends on what is made from it. */
  #findDroppable(): void {
    const changes = changesOf(this.#program);
    const latest = new Map<Item, number>();
    for (const item of [...this.#items.values()].reverse()) {
      const { maker, at, uses, children } = item;
      const last = Math.max(uses.at(-1) ?? 0, ...children.map((c) => latest.get(c)!));
      latest.set(item, last);
      // Its pinned inputs must still be what they were when it was computed first.
      const changed = [...maker.read.values()].some((v) =>
        v.arena && changes.get(v.arena)?.some((change) => at < change && change <= last)
      );
      item.droppable = repeatable(maker) && !changed && last < this.#program.dispatches.length &&
        item.bytes >= this.limit * SMALLEST;
      if (item.droppable) { for (const input of item.inputs) input.children.push(item); }
    }
  }

  /** Walks the whole program. False if some dispatch cannot be given its inputs within the limit. */
  run(): boolean {
    for (const d of this.#program.dispatches) {
      const inputs = this.#planned(d.read), outputs = this.#planned(d.write);
      if (!this.#gather(inputs) || !this.#room(outputs.reduce((sum, o) => sum + o.bytes, 0))) return false;
      this.out.push({ ...d, read: this.#mapped(d) });
      for (const o of outputs) {
        this.#place(o, o.value);
        o.made = true;
      }
      for (const i of inputs) {
        i.locks--;
        while (i.uses[i.next]! <= this.#now) i.next++;
      }
      for (const i of [...inputs, ...outputs]) this.#dropIfDead(i);
      this.#now++;
    }
    return true;
  }

  #planned(bound: ReadonlyMap<string, Value>): Item[] {
    return [...new Set(bound.values())].flatMap((v) => v.arena ? [] : this.#items.get(v) ?? []);
  }

  #mapped(d: Dispatch): Map<string, Value> {
    return new Map([...d.read].map(([name, v]) => [name, v.arena ? v : this.#items.get(v)!.copy!]));
  }

  /** Makes all of `items` present and locks them. What takes the longest chain comes first: nothing waits for it then. */
  #gather(items: readonly Item[]): boolean {
    const depths = new Map(items.map((i) => [i, i.copy ? 0 : this.#missing(i, new Set()).size]));
    for (const item of items.toSorted((a, b) => depths.get(b)! - depths.get(a)!)) {
      if (!item.copy && !this.#remake(item)) return false;
      item.locks++;
    }
    return true;
  }

  #remake(item: Item): boolean {
    if (++this.#again > MOST_AGAIN * this.#program.dispatches.length) return false;
    if (!this.#gather(item.inputs) || !this.#room(item.bytes)) return false;
    const d = item.maker;
    const copy = this.fresh(item.value, `${item.value.label} (again)`);
    const [name] = d.write.keys();
    const { phase } = this.#program.dispatches[this.#now]!;
    this.out.push({
      ...{ ...d, phase, label: `${d.label} (again)` },
      ...{ read: this.#mapped(d), write: new Map([[name!, copy]]) },
    });
    this.#place(item, copy);
    item.locks++;
    for (const i of item.inputs) i.locks--;
    for (const i of item.inputs) this.#dropIfDead(i);
    item.locks--;
    return true;
  }

  #place(item: Item, copy: Value): void {
    item.copy = copy;
    this.#live += item.bytes;
    if (item.droppable) this.#droppable.add(item);
  }

  #drop(item: Item): void {
    item.copy = undefined;
    this.#live -= item.bytes;
    this.#droppable.delete(item);
  }

  #dropIfDead(item: Item): void {
    if (item.copy && item.locks === 0 && wanted(item) === Infinity) this.#drop(item);
  }

  /** Drops values until `bytes` more fit. */
  #room(bytes: number): boolean {
    while (this.#live + bytes > this.limit) {
      let best: Item | undefined, least = Infinity;
      for (const item of this.#droppable) {
        if (item.locks > 0 || !obtainable(item)) continue;
        const score = this.#score(item);
        if (score < least) [best, least] = [item, score];
      }
      if (!best) return false;
      this.#drop(best);
    }
    return true;
  }

  /** Cost of dropping a value by the byte and the time. */
  #score(item: Item): number {
    let cost = item.cost;
    const orphan = item.inputs.some((i) => !i.copy);
    const parent = this.weighing.descendants && item.children.some((c) => c.made && !c.copy);
    if (orphan || parent) {
      const set = new Set<Item>();
      this.#missing(item, set);
      if (parent) dropped(item, set);
      cost = 0;
      for (const i of set) cost += i.cost;
    }
    return cost / item.bytes / (wanted(item) - this.#now) ** this.weighing.distance;
  }

  /** The value and every input, of its own or of an input, that would have to be computed first. */
  #missing(item: Item, into: Set<Item>): Set<Item> {
    into.add(item);
    for (const i of item.inputs) if (!i.copy && !into.has(i)) this.#missing(i, into);
    return into;
  }
}

/** Counts the searches below, so that each visits an item once. */
let search = 0;

/** Next position at which a value is read, by a dispatch of the program or to compute a dropped value again. */
function wanted(item: Item): number {
  search++;
  return firstRead(item);
}

function firstRead(item: Item): number {
  let first = item.uses[item.next] ?? Infinity;
  for (const child of item.children) {
    if (!child.made || child.copy || child.seen === search) continue;
    child.seen = search;
    first = Math.min(first, firstRead(child));
  }
  return first;
}

/** Whether everything that a value is made from is present or can be made. */
function obtainable(item: Item): boolean {
  search++;
  return hasInputs(item);
}

function hasInputs(item: Item): boolean {
  for (const i of item.inputs) {
    if (i.copy || i.seen === search) continue;
    i.seen = search; // one that lacks something ends the whole search
    if (!i.droppable || !hasInputs(i)) return false;
  }
  return true;
}

/** Adds the dropped values that somebody will want and that are made from this one. */
function dropped(item: Item, into: Set<Item>): void {
  for (const child of item.children) {
    if (!child.made || child.copy || into.has(child) || wanted(child) === Infinity) continue;
    into.add(child);
    dropped(child, into);
  }
}

/** A dispatch of the forward pass whose one output is a function of what it reads. */
function repeatable(d: Dispatch): boolean {
  const counted = d.cheap || d.flops > 0; // a dispatch that counts no operations has an unknown cost
  return d.phase === "forward" && !d.effect && counted && d.write.size === 1 && d.update.size === 0;
}

function costOf(d: Dispatch, traffic: number): number {
  let bytes = 0;
  for (const v of d.read.values()) bytes += v.bytes;
  for (const v of d.write.values()) bytes += v.bytes;
  return d.flops + traffic * bytes;
}
