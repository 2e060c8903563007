import { canonical } from "../base/canonical.ts";

/** One thing that differs; null where a run has none. */
export interface Difference {
  readonly what: string;
  readonly a: string | null;
  readonly b: string | null;
}

/** Paths whose values differ between two JSON values; values are canonical JSON, texts without quotes. */
export function differencesOf(a: unknown, b: unknown): Difference[] {
  const [left, right] = [flatten(a), flatten(b)];
  return [...new Set([...left.keys(), ...right.keys()])].sort()
    .filter((what) => left.get(what) !== right.get(what))
    .map((what) => ({ what, a: left.get(what) ?? null, b: right.get(what) ?? null }));
}

function flatten(value: unknown, path = "", into = new Map<string, string>()): Map<string, string> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    for (const [key, v] of Object.entries(value)) flatten(v, path === "" ? key : `${path}.${key}`, into);
  } else if (value !== undefined) into.set(path, typeof value === "string" ? value : canonical(value));
  return into;
}
