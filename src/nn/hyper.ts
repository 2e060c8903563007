/**
 * Hyper-parameters as a method declares them: the letter of its paper, a full name, a default and what each may be. What an
 * experiment sets is checked against the declaration before anything is recorded; a name that the method does not ask for is refused.
 */
import { AssayError, failure } from "../base/error.ts";
import { nearest } from "../base/nearest.ts";
import type { Schedule } from "./schedules.ts";

/** What a hyper-parameter may be set to. */
export type HyperValue = number | string | boolean | Schedule;

/** Numbers that a hyper-parameter may be. */
export interface Range {
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
  readonly below?: number;
}

/** One hyper-parameter; `T` is what a method reads. It may be a number, one of some words, or true or false: at least one of these. */
export interface Hyper<T extends HyperValue = HyperValue> {
  /** In full, as a table would head it: "temperature". */
  readonly name: string;
  readonly default: Exclude<T, object>;
  readonly number?: Range & { readonly whole?: boolean };
  /** Whether a schedule of such numbers will do. */
  readonly schedule?: boolean;
  readonly words?: readonly string[];
  readonly truth?: boolean;
  /**
   * Declared after specifications of the method had been hashed: at its default it stays out of them, so that their hashes
   * are what they were. The default of a letter never changes for the same reason; a test holds both.
   */
  readonly later?: true;
}

/** What a method declares, by letter. */
export type Hypers = Readonly<Record<string, Hyper>>;

/** What a method reads for a letter. */
export type HyperOf<H extends Hypers, L extends keyof H> = H[L] extends Hyper<infer T> ? T : never;

/** A real number. */
export function real(name: string, value: number, range: Range = {}): Hyper<number> {
  return { name, default: value, number: range };
}

/** A real number that may change from step to step. */
export function scheduled(name: string, value: number, range: Range = {}): Hyper<Schedule> {
  return { name, default: value, number: range, schedule: true };
}

/** A whole number of at least 1: a width, a length. */
export function whole(name: string, value: number): Hyper<number>;
/** The same, or one of some words that stand for a number which only the run knows, or for none. */
export function whole<W extends string>(
  name: string,
  value: number | NoInfer<W>,
  words: readonly W[],
): Hyper<number | W>;
export function whole(
  name: string,
  value: number | string,
  words?: readonly string[],
): Hyper<number | string> {
  return { name, default: value, number: { whole: true, least: 1 }, ...(words && { words }) };
}

/** One of some words. */
export function word<W extends string>(name: string, value: NoInfer<W>, words: readonly W[]): Hyper<W>;
export function word(name: string, value: string, words: readonly string[]): Hyper<string> {
  return { name, default: value, words };
}

/** True or false. */
export function truth(name: string, value: boolean): Hyper<boolean> {
  return { name, default: value, truth: true };
}

/** The schedules of a specification, whatever unit their lengths have: their numbers are checked, their form is not. */
interface AnySchedule {
  readonly kind: string;
  readonly base: number;
  readonly start?: number;
  readonly end?: number;
}

/**
 * All values of a method: those given, checked, and defaults for the others. Throws an AssayError for a name that the method does
 * not ask for, with the nearest letter or full name, and for a value that it may not have.
 */
export function hyperValues<S extends AnySchedule = Exclude<Schedule, number>>(
  method: { readonly name: string; readonly hyper: Hypers },
  given: Readonly<Record<string, number | string | boolean | S>>,
): Readonly<Record<string, number | string | boolean | S>> {
  for (const [letter, value] of Object.entries(given)) {
    if (!Object.hasOwn(method.hyper, letter)) throw unknown(method, letter);
    const declared = method.hyper[letter]!;
    if (fits(declared, value)) continue;
    throw failure({
      operation: "set",
      object: `${spoken(letter, declared)} of "${method.name}"`,
      required: `it must be ${mayBe(declared)}`,
      found: JSON.stringify(value) ?? String(value),
      wayOut: `leave it out for ${JSON.stringify(declared.default)}, the default`,
    });
  }
  const defaults = Object.entries(method.hyper).map(([letter, declared]) => [letter, declared.default]);
  return { ...Object.fromEntries(defaults), ...given };
}

/** What a hyper-parameter may be, in words: `a number above 0`. */
export function mayBe({ number, schedule, words, truth }: Hyper): string {
  const alternatives: string[] = [];
  if (number) {
    const { whole, least, above, most, below } = number;
    const bounds = [
      least !== undefined && `at least ${least}`,
      above !== undefined && `above ${above}`,
      most !== undefined && `at most ${most}`,
      below !== undefined && `below ${below}`,
    ].filter((bound) => bound !== false).join(" and ").replace(/^at/, "of at");
    alternatives.push(`${whole ? "a whole number" : "a number"} ${bounds}`.trim());
  }
  if (schedule) alternatives.push("a schedule of such numbers");
  if (words) alternatives.push(...words.map((w) => `"${w}"`));
  if (truth) alternatives.push("true", "false");
  const last = alternatives.pop()!;
  return alternatives.length > 0 ? `${alternatives.join(", ")} or ${last}` : last;
}

const spoken = (letter: string, { name }: Hyper): string => `${letter} (${name})`;

function unknown(method: { readonly name: string; readonly hyper: Hypers }, letter: string): AssayError {
  const all = Object.entries(method.hyper);
  const names = new Map(all.flatMap(([l, h]) => [[l.toLowerCase(), l], [h.name.toLowerCase(), l]]));
  const near = names.get(nearest(letter.toLowerCase(), [...names.keys()]) ?? "");
  const list = all.map(([l, h]) => spoken(l, h)).join(", ");
  // A question ends with its own mark, which `failure` would follow by a full stop.
  return new AssayError(
    `Cannot set hyper-parameter "${letter}" of "${method.name}": it asks for ${list || "none"}${
      near === undefined ? "." : `; did you mean ${spoken(near, method.hyper[near]!)}?`
    }`,
  );
}

function fits(
  { number, schedule, words, truth }: Hyper,
  value: number | string | boolean | AnySchedule,
): boolean {
  if (typeof value === "boolean") return truth === true;
  if (typeof value === "string") return words?.includes(value) ?? false;
  if (!number) return false;
  if (typeof value === "number") return inside(number, value);
  const { base, start = base, end = base } = value ?? {};
  return schedule === true && [base, start, end].every((n) => inside(number, n));
}

function inside({ whole, least, above, most, below }: NonNullable<Hyper["number"]>, n: unknown): boolean {
  return typeof n === "number" && Number.isFinite(n) && (!whole || Number.isInteger(n)) &&
    n >= (least ?? -Infinity) && n > (above ?? -Infinity) && n <= (most ?? Infinity) &&
    n < (below ?? Infinity);
}
