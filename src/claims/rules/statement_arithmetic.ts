/** Statements with a number: differences, ratios, relative changes and means of cells. */
import { type Claim, halfUnit, label, show } from "../claim.ts";
import { type Corpus, select } from "../corpus.ts";
import { type Finding, fixed, signed } from "./finding.ts";
import { describeDifference, differingFields } from "./setting.ts";
import { matches, type Outcome, places, rules, type Stated, statedText, statements } from "./statement.ts";

/** Cells taken in pairs; one cell on a side serves every cell of the other. */
function pair(of: readonly Claim[], over: readonly Claim[]): (readonly [Claim, Claim])[] {
  const n = Math.max(of.length, over.length);
  return Array.from(
    { length: n },
    (_, i) => [of[Math.min(i, of.length - 1)]!, over[Math.min(i, over.length - 1)]!],
  );
}

const operations = {
  difference: { of: (x: number, y: number) => x - y, sign: "-", unit: "" },
  ratio: { of: (x: number, y: number) => x / y, sign: "/", unit: "" },
  "relative-change": { of: (x: number, y: number) => 100 * (x / y - 1), sign: "relative to", unit: " %" },
} as const;

/** Stated differences, ratios and relative changes, recomputed with the rounding of both cells. */
export function arithmetic(corpus: Corpus, form: keyof typeof operations): Finding[] {
  return statements(corpus, form, (a, s) => {
    const { of: compute, sign, unit } = operations[form];
    const pairs = pair(select(corpus, s.source, a.of), select(corpus, s.source, a.over));
    const value = ([x, y]: readonly [Claim, Claim]) => compute(x.value, y.value);
    // Extremes over the rounding of both cells.
    const error = ([x, y]: readonly [Claim, Claim]) =>
      form === "difference" ? 0 : Math.max(
        ...[-1, 1].flatMap((i) =>
          [-1, 1].map((j) =>
            Math.abs(
              compute(x.value + i * halfUnit(x), y.value + j * halfUnit(y)) - compute(x.value, y.value),
            )
          )
        ),
      );
    const wrong = pairs.filter((p) => !matches(a, value(p), error(p)));
    const outcomes: Outcome[] = [];
    if (wrong.length > 0) {
      outcomes.push({
        rule: rules.contradicted,
        severity: wrong.length === pairs.length ? "error" : "warning",
        verdict: `is not what the cells give (stated ${statedText(a)}${unit})`,
        arithmetic: [
          ...wrong.map((p) =>
            `${label(p[0])} ${sign} ${label(p[1])} gives ${
              signed(value(p), Math.max(places(...p), a.decimals, form === "difference" ? 0 : 1))
            }${unit}`
          ),
        ],
        claims: [...new Set(wrong.flat())],
      });
    }
    if (form === "difference" && a.bound !== "about") outcomes.push(...unequal(corpus, a, pairs));
    return outcomes;
  });
}

/** A comparison of cells under different protocols, and what becomes of it beside the cell with the equal one. */
function unequal(corpus: Corpus, a: Stated, pairs: readonly (readonly [Claim, Claim])[]): Outcome[] {
  return pairs.flatMap(([x, y]): Outcome[] => {
    return differingFields(x.protocol, y.protocol, "ignored").flatMap((field): Outcome[] => {
      const equal = corpus.claims.find((c) =>
        c.source === y.source && c.method === y.method && c.dataset?.id === y.dataset?.id &&
        c.metric === y.metric &&
        c.protocol[field] === x.protocol[field] &&
        differingFields(c.protocol, y.protocol).every((f) => f === field) && c !== y
      );
      if (equal === undefined) return [];
      const gain = x.value - equal.value;
      return [{
        rule: rules.unequal,
        severity: matches(a, gain, 0) ? "note" : "error",
        verdict: `compares unequal protocols (${describeDifference(x.protocol, y.protocol, [field])})` +
          (matches(a, gain, 0) ? "" : "; with equal ones it fails"),
        arithmetic: [
          `as published: ${label(x)} - ${label(y)} = ${signed(x.value - y.value, places(x, y))}`,
          `with ${field.replaceAll("_", " ")} ${x.protocol[field]} on both sides: ${show(x)} - ${
            label(equal)
          } = ${signed(gain, places(x, equal))}`,
        ],
        claims: [x, y, equal],
      }];
    });
  });
}

/** A stated mean of stated parts. */
export function meanOf(corpus: Corpus): Finding[] {
  return statements(corpus, "mean", (a, s) => {
    const cells = select(corpus, s.source, a.cells);
    const value = cells.reduce((t, c) => t + c.value, 0) / cells.length;
    const error = cells.reduce((t, c) => t + halfUnit(c), 0) / cells.length;
    if (matches(a, value, error)) return [];
    const open = cells.filter((c) => c.bound === "at-least");
    return [{
      rule: rules.unsupported,
      severity: "warning",
      verdict: `is not supported by the stated parts (${statedText(a)})`,
      arithmetic: [
        `(${
          cells.map((c) => `${c.bound === "at-least" ? ">= " : ""}${show(c)}`).join(" + ")
        }) / ${cells.length} = ${fixed(value, 2)}`,
        ...(open.length === 0 ? [] : [
          `${open.length} of ${cells.length} parts are lower bounds, which would have to be exceeded by ${
            fixed(((a.stated - value) * cells.length) / open.length, 2)
          } each on average`,
        ]),
      ],
      claims: cells,
    }];
  });
}
