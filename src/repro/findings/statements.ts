/** Published words against published cells: best, same, within, gain, ratio, change, mean. */
import type { Assertion, AssertionForm } from "../claims/assertions.ts";
import { type Claim, halfUnit, label, show, type Statement } from "../claims/claim.ts";
import { type Corpus, select } from "../claims/corpus.ts";
import { type Finding, fixed, type Rule, type Severity, signed } from "./finding.ts";
import { resolvable } from "./sampling.ts";
import { describeDifference, differingFields } from "./setting.ts";

/** The assertions of one form. */
export type Asserted<F extends AssertionForm> = Extract<Assertion, { form: F }>;

/** What a check of one statement gives: nothing, or how the cells fail the words. */
export interface Outcome {
  readonly rule: string;
  readonly severity: Severity;
  readonly verdict: string;
  readonly arithmetic: readonly string[];
  readonly claims: readonly Claim[];
}

export const rules = {
  unsupported: "statement/unsupported",
  contradicted: "statement/contradicted",
  unequal: "statement/unequal-protocol",
  undecidable: "statement/undecidable",
} as const;

/** A finding about a statement: what the cells say of it, then the words. */
export function findingAbout(s: Statement, o: Outcome): Finding {
  const words = s.paraphrase ? `In our words: ${s.quote}` : `Stated: "${s.quote}"`;
  return {
    rule: o.rule,
    severity: o.severity,
    sources: [...new Set([s.source, ...o.claims.map((c) => c.source)])],
    message: `${s.source}/${s.id} ${o.verdict}. ${words}`,
    arithmetic: o.arithmetic,
    claims: o.claims,
    at: s.at,
  };
}

/** Rules over every statement that assert one of `forms`. */
export function statements<F extends AssertionForm>(
  corpus: Corpus,
  form: F,
  check: (asserts: Asserted<F>, s: Statement) => readonly Outcome[],
): Finding[] {
  return corpus.sources.flatMap((source) => source.statements).flatMap((s) =>
    s.asserts.form === form ? check(s.asserts as Asserted<F>, s).map((o) => findingAbout(s, o)) : []
  );
}

const column = (c: Claim) => `${c.source}:${c.table}/${c.column}`;
const places = (...cs: readonly Claim[]) => Math.max(...cs.map((c) => c.decimals));

function best(corpus: Corpus): Finding[] {
  return statements(corpus, "best", (a, s) => {
    const excluded = new Set(a.except === undefined ? [] : select(corpus, s.source, a.except));
    const winners = new Set(select(corpus, s.source, a.winners));
    const rivals = select(corpus, s.source, a.among).filter((c) => !excluded.has(c) && !winners.has(c));
    const lost: [Claim, Claim][] = [];
    const close: [Claim, Claim][] = [];
    for (const winner of winners) {
      for (const rival of rivals.filter((r) => column(r) === column(winner))) {
        if (rival.value >= winner.value) lost.push([winner, rival]);
        else if (a.margin === "sampling" && winner.value - rival.value <= (resolvable(winner, rival) ?? 0)) {
          close.push([winner, rival]);
        }
      }
    }
    const line = ([w, r]: [Claim, Claim]) =>
      `${w.table}/${w.column}: ${w.row} ${show(w)} against ${r.row} ${show(r)}, ${
        signed(w.value - r.value, places(w, r))
      }`;
    const cells = (pairs: [Claim, Claim][]) => [...new Set(pairs.flat())];
    const outcomes: Outcome[] = [];
    if (lost.length > 0) {
      outcomes.push({
        rule: rules.contradicted,
        severity: "error",
        verdict: `is contradicted by ${lost.length} comparison${lost.length === 1 ? "" : "s"} of the tables`,
        arithmetic: lost.map(line),
        claims: cells(lost),
      });
    }
    if (close.length > 0) {
      outcomes.push({
        rule: rules.unsupported,
        severity: "warning",
        verdict: "is carried by differences that the test set does not resolve",
        arithmetic: close.map((p) => `${line(p)}; test-set sampling explains ${fixed(resolvable(...p)!, 2)}`),
        claims: cells(close),
      });
    }
    return outcomes;
  });
}

function same(corpus: Corpus): Finding[] {
  return statements(corpus, "same", (a, s) => {
    const columns = [...Map.groupBy(select(corpus, s.source, a.cells), column).values()];
    const spread = columns.map((cells) => [...cells].sort((x, y) => x.value - y.value)).filter((cells) =>
      cells.at(-1)!.value > (1 + a.within) * cells[0]!.value
    );
    if (spread.length === 0) return [];
    return [{
      rule: rules.contradicted,
      severity: "error",
      verdict: `does not hold in ${spread.length} of ${columns.length} columns`,
      arithmetic: [
        ...spread.map((cells) => {
          const [low, high] = [cells[0]!, cells.at(-1)!];
          return `${low.column}: ${show(low)} (${low.row}) to ${
            show(high)
          } (${high.row}) ${low.unit}, ratio ` +
            fixed(high.value / low.value, 2);
        }),
        `"roughly the same" is read as a ratio up to ${1 + a.within}`,
      ],
      claims: spread.flatMap((cells) => [cells[0]!, cells.at(-1)!]),
    }];
  });
}

function within(corpus: Corpus): Finding[] {
  return statements(corpus, "within", (a, s) => {
    const cells = select(corpus, s.source, a.cells);
    const outside = cells.filter((c) => c.value + halfUnit(c) < a.low || c.value - halfUnit(c) > a.high);
    if (outside.length === 0) return [];
    const sorted = [...outside].sort((x, y) => x.value - y.value);
    const beyond = Math.max(a.low / sorted[0]!.value, sorted.at(-1)!.value / a.high);
    return [{
      rule: rules.contradicted,
      // Words such as "three to five hours" round; a tenth beyond the range is worth a note only.
      severity: beyond > 1.1 ? "error" : "note",
      verdict: `fails for ${outside.length} of ${cells.length} cells`,
      arithmetic: [
        `stated range [${a.low}, ${a.high}] ${cells[0]!.unit}`,
        ...sorted.map((c) => `${c.column}: ${c.row} ${show(c)}`),
      ],
      claims: sorted,
    }];
  });
}

interface Stated {
  readonly stated: number;
  readonly decimals: number;
  readonly bound: "about" | "at-least" | "at-most";
  readonly reading?: string | undefined;
}

/** The line that says how words without a number were read. */
export const readingLine = (a: { readonly reading?: string | undefined }) =>
  a.reading === undefined ? [] : [`our reading: ${a.reading}`];

/** Whether a computed number, known to +- `error`, is what the words state. */
export function matches(a: Stated, value: number, error: number): boolean {
  if (a.bound === "at-least") return value + error >= a.stated - 1e-9;
  if (a.bound === "at-most") return value - error <= a.stated + 1e-9;
  return Math.abs(value - a.stated) <= 0.5 * 10 ** -a.decimals + error + 1e-9;
}

const boundWord = { about: "", "at-least": "at least ", "at-most": "at most " } as const;
export const statedText = (a: Stated) => `${boundWord[a.bound]}${a.stated.toFixed(a.decimals)}`;

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

function arithmetic(corpus: Corpus, form: keyof typeof operations): Finding[] {
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
          ...readingLine(a),
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

function change(corpus: Corpus): Finding[] {
  return statements(corpus, "change", (a, s) => {
    const to = select(corpus, s.source, a.to);
    const rows = select(corpus, s.source, a.from).flatMap((from) => {
      const after = to.find((c) => c.row === from.row);
      return after === undefined ? [] : [[from, after] as const];
    });
    const sign = a.direction === "up" ? 1 : -1;
    const against = rows.filter(([x, y]) => sign * (y.value - x.value) < 0);
    if (against.length === 0) return [];
    const resolved = against.filter(([x, y]) => Math.abs(y.value - x.value) > (resolvable(x, y) ?? Infinity));
    return [{
      rule: rules.contradicted,
      severity: against.length * 2 > rows.length ? "error" : "warning",
      verdict: `fails in ${against.length} of ${rows.length} rows`,
      arithmetic: [
        ...against.map(([x, y]) =>
          `${x.row}: ${show(x)} -> ${show(y)}, ${signed(y.value - x.value, places(x, y))}`
        ),
        `${resolved.length} of these ${against.length} exceed test-set sampling`,
      ],
      claims: against.flat(),
    }];
  });
}

function meanOf(corpus: Corpus): Finding[] {
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
          `${open.length} parts are lower bounds: they would have to exceed them by ${
            fixed(((a.stated - value) * cells.length) / open.length, 2)
          } each on average`,
        ]),
      ],
      claims: cells,
    }];
  });
}

function sameProtocol(corpus: Corpus): Finding[] {
  return statements(corpus, "same-protocol", (a, s) => {
    const groups = Map.groupBy(
      select(corpus, s.source, a.cells),
      (c) => String(c.protocol[a.field] ?? "unstated"),
    );
    if (groups.size < 2) return [];
    const sorted = [...groups].sort((x, y) => y[1].length - x[1].length);
    return [{
      rule: rules.contradicted,
      severity: "error",
      verdict: `is contradicted by the rows' own ${a.field}`,
      arithmetic: sorted.map(([v, cells]) =>
        `${v}: ${cells.length > 6 ? `${cells.length} rows` : cells.map((c) => c.row).join(", ")}`
      ),
      claims: sorted.slice(1).flatMap(([, cells]) => cells),
    }];
  });
}

function spreadAdmitted(corpus: Corpus): Finding[] {
  return statements(corpus, "spread-admitted", (a, s) => {
    const bare = select(corpus, s.source, a.cells).filter((c) =>
      c.runs.length === 0 && c.spread === undefined
    );
    if (bare.length === 0) return [];
    const runs = Map.groupBy(bare, (c) => c.n === null ? "unstated number of" : String(c.n));
    return [{
      rule: rules.unsupported,
      severity: "warning",
      verdict: `leaves ${bare.length} values without a spread`,
      arithmetic: [...runs].map(([n, cells]) => `${cells.length} cells of ${n} run${n === "1" ? "" : "s"}`),
      claims: bare,
    }];
  });
}

export const statementRules: readonly Rule[] = [
  {
    id: rules.contradicted,
    title: "Published words that the published cells contradict",
    help:
      "Best, same, within, differences, ratios and trends are recomputed from the cells, allowing for rounding.",
    check: (corpus) => [
      ...best(corpus),
      ...same(corpus),
      ...within(corpus),
      ...arithmetic(corpus, "difference"),
      ...arithmetic(corpus, "ratio"),
      ...arithmetic(corpus, "relative-change"),
      ...change(corpus),
      ...meanOf(corpus),
      ...sameProtocol(corpus),
      ...spreadAdmitted(corpus),
    ],
  },
  {
    id: rules.undecidable,
    title: "Published words that no published number can decide",
    help: "The statement is recorded with what it would take to decide it; a run can.",
    check: (corpus) =>
      statements(corpus, "unpublished", (a) => [{
        rule: rules.undecidable,
        severity: "note",
        verdict: "cannot be decided from published numbers",
        arithmetic: [`needed: ${a.needs}`],
        claims: [],
      }]),
  },
];
