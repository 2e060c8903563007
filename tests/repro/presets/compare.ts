/**
 * Compares a preset with the configuration it is named after. A mapping says of every field of the source where it stands in
 * a run's specification, that it has no meaning here and why, or which named difference it is.
 */
import { hyperValues } from "../../../src/nn/hyper.ts";
import type { Method } from "../../../src/nn/method.ts";
import { statisticsOf } from "../../../src/data/augment/statistics.ts";
import { parseSpec } from "../../../src/record/spec/spec.ts";
import type { DifferenceId } from "../../../src/repro/presets/differences.ts";
import type { PublishedPreset } from "../../../src/repro/presets/preset.ts";
import type { Configuration, FieldValue } from "./configurations.ts";

/** The value of another field of the configuration, null where it has none. */
export type Other = (name: string) => FieldValue;

/** Where fields stand. In `field`, `*` is one part of a dotted name; `$1` in `at` is what the first one was, `*` any. */
export interface Match {
  readonly field: string;
  readonly at: string;
  /** From the source's value to the specification's, where they have not the same unit or word. */
  readonly as?: (value: never, other: Other) => unknown;
  /** What an absent place means. */
  readonly absent?: unknown;
  /** Methods that it is for; all when absent. */
  readonly methods?: readonly string[];
}

export interface Mapping {
  readonly matched: readonly Match[];
  /** Fields that decide nothing here, or are the same by construction, with the reason. */
  readonly meaningless: Readonly<Record<string, string>>;
  /** Fields that this project does not do; a function may say that a value is no difference after all. */
  readonly differs: Readonly<
    Record<string, Difference | ((value: never, other: Other) => Difference | undefined)>
  >;
}

/** A named difference, or one that every recipe of the preset must say of itself. */
export type Difference = DifferenceId | { readonly departs: RegExp };

export interface Comparison {
  readonly problems: readonly string[];
  readonly differs: readonly DifferenceId[];
}

/** Paths of all scalars below a value, with the values. */
export function leaves(value: unknown, path = ""): readonly (readonly [path: string, value: unknown])[] {
  if (value === null || typeof value !== "object") return [[path, value]];
  return Object.entries(value).flatMap(([key, v]) => leaves(v, path === "" ? key : `${path}.${key}`));
}

const patterns = new Map<string, RegExp>();

function patternOf(glob: string): RegExp {
  const known = patterns.get(glob);
  if (known) return known;
  const parts = glob.split(".").map((part) =>
    part === "**" ? "(.+)" : part.replaceAll(/[^*\w]/g, "\\$&").replaceAll("*", "([^.]+)")
  );
  const pattern = new RegExp(`^${parts.join("\\.")}$`);
  patterns.set(glob, pattern);
  return pattern;
}

/** Values at a path in which `*` stands for every key: undefined where only the last part is absent, none where more is. */
function at(value: unknown, path: string): readonly (readonly [path: string, value: unknown])[] {
  let found: (readonly [string, unknown])[] = [["", value]];
  const parts = path.split(".");
  for (const [i, part] of parts.entries()) {
    const last = i === parts.length - 1;
    found = found.flatMap(([place, v]) => {
      if (v === null || typeof v !== "object") return [];
      const keys = part === "*" ? Object.keys(v) : last || Object.hasOwn(v, part) ? [part] : [];
      return keys.map((key) =>
        [place === "" ? key : `${place}.${key}`, (v as Record<string, unknown>)[key]] as const
      );
    });
  }
  return found;
}

/** Equal but for the rounding of a product of decimals. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a === "number" && typeof b === "number") return Math.abs(a - b) <= 1e-12 * Math.abs(b);
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((v, i) => same(v, b[i]));
  return a === b;
}

/** The complete specification of a preset: every hyper-parameter that the method declares, channel statistics in numbers. */
export function completeSpec(
  { spec }: Pick<PublishedPreset, "spec">,
  method: Method,
): Record<string, unknown> {
  const { hyper, views, encoder, data, batch, optimizer, stop } = parseSpec({ ...spec, seed: 0 });
  return {
    method: spec.method,
    hyper: hyperValues(method, hyper),
    views: views.map((group) => ({
      ...group,
      recipe: { ...group.recipe, normalise: statisticsOf(group.recipe.normalise) },
    })),
    encoder,
    data,
    batch,
    optimizer,
    stop,
  };
}

/** What this project names itself and no source could state. */
const OWN = [
  "views.*.recipe.name",
  "views.*.recipe.departs",
  "data.*.split",
  "data.*.size",
  "data.*.perClass",
  "data.*.geometry",
].map(patternOf);

export function compare(
  configuration: Configuration,
  preset: PublishedPreset,
  mapping: Mapping,
  method: Method,
): Comparison {
  const spec = completeSpec(preset, method);
  const problems: string[] = [];
  const differs = new Set<DifferenceId>();
  const covered = new Set<string>();
  const other: Other = (name) => configuration.fields.get(name)?.value ?? null;
  const meaningless = Object.keys(mapping.meaningless).map(patternOf);
  const different = Object.entries(mapping.differs).map(([field, id]) => [patternOf(field), id] as const);
  for (
    const [place, expected] of [["method", configuration.method], ["data.*.name", configuration.dataset]]
  ) {
    for (const [path, v] of at(spec, place!)) {
      covered.add(path);
      if (v !== expected) {
        problems.push(
          `${path} is ${JSON.stringify(v)}, the configuration is of ${expected}`,
        );
      }
    }
  }
  for (const [field, { value, file }] of configuration.fields) {
    let known = meaningless.some((pattern) => pattern.test(field));
    for (const [pattern, id] of different) {
      if (!pattern.test(field)) continue;
      known = true;
      const difference = typeof id === "function" ? id(value as never, other) : id;
      if (typeof difference === "string") differs.add(difference);
      if (typeof difference !== "object") continue;
      for (const { recipe } of preset.spec.views) {
        if (difference.departs.test(recipe.departs ?? "")) continue;
        problems.push(`${recipe.name} does not say that it departs in ${field}: ${JSON.stringify(value)}`);
      }
    }
    for (const match of mapping.matched) {
      const found = patternOf(match.field).exec(field);
      if (!found || (match.methods && !match.methods.includes(configuration.method))) continue;
      known = true;
      const expected = match.as ? match.as(value as never, other) : value;
      const place = match.at.replaceAll(/\$(\d)/g, (_, i) => found[Number(i)]!);
      const actual = at(spec, place);
      if (actual.length === 0 && !same(match.absent, expected)) {
        if (!place.includes("*")) {
          problems.push(`${place} is absent, ${file} states ${field}: ${JSON.stringify(value)}`);
        }
      }
      for (const [path, found] of actual) {
        for (const [leaf] of leaves(found, path)) covered.add(leaf);
        const v = found ?? match.absent;
        if (same(v, expected)) continue;
        problems.push(
          `${path} is ${JSON.stringify(v) ?? "absent"}, ${file} states ${field}: ${JSON.stringify(value)}` +
            (match.as ? `, which is ${JSON.stringify(expected)} here` : ""),
        );
      }
    }
    if (!known) problems.push(`${field} of ${file} stands nowhere in the mapping`);
  }
  const assumed = Object.keys(preset.assumptions);
  for (const [path] of leaves(spec)) {
    const isAssumed = assumed.some((field) => path === field || path.startsWith(`${field}.`));
    if (isAssumed && covered.has(path) && assumed.includes(path)) {
      problems.push(`${path} is stated and assumed`);
    }
    if (!covered.has(path) && !isAssumed && !OWN.some((own) => own.test(path))) {
      problems.push(`${path} is stated by no field and is no assumption`);
    }
  }
  return { problems, differs: [...differs].sort() };
}
