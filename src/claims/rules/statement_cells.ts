/** Statements about how cells stand to one another: best, same, within a range, changing one way. */
import { type Claim, halfUnit, show } from "../claim.ts";
import { type Corpus, select } from "../corpus.ts";
import { type Finding, fixed, signed } from "./finding.ts";
import { resolvable } from "./sampling.ts";
import { type Outcome, places, rules, statements } from "./statement.ts";

const column = (c: Claim) => `${c.source}:${c.table}/${c.column}`;

/** "Best": each winner beats every rival in its column, by more than sampling where the words say so. */
export function best(corpus: Corpus): Finding[] {
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

/** "Roughly the same": the ratio of largest to smallest in a column. */
export function same(corpus: Corpus): Finding[] {
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

/** "Three to five hours": every cell lies in the stated range. */
export function within(corpus: Corpus): Finding[] {
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

/** "Benefits from": going from one column to another moves every row the stated way. */
export function change(corpus: Corpus): Finding[] {
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

/** "All use the same encoder": one setting of a field. */
export function sameProtocol(corpus: Corpus): Finding[] {
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

/** A source that speaks of spread and prints none. */
export function spreadAdmitted(corpus: Corpus): Finding[] {
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
