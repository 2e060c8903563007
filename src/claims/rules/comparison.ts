/** Tables that invite their reader to rank rows: equal protocols, gaps beyond sampling, last or best epoch. */
import type { Claim, Table } from "../claim.ts";
import { label, show } from "../claim.ts";
import type { Corpus } from "../corpus.ts";
import type { Protocol } from "../schema.ts";
import { normalCdf } from "../../stats/distributions.ts";
import { type Finding, findingOn, fixed, type Rule } from "./finding.ts";
import { higherIsBetter, isShare, resolvable, whole } from "./sampling.ts";
import { differingFields } from "./setting.ts";

/** The ranked cells of a table, by column. */
export function rankedColumns(corpus: Corpus, table: Table): Map<string, Claim[]> {
  const cells = corpus.claims.filter((c) =>
    c.source === table.source && c.table === table.id && !table.unranked.includes(c.row)
  );
  return Map.groupBy(cells, (c) => c.column);
}

const rankings = (corpus: Corpus) => corpus.sources.flatMap((s) => s.tables).filter((t) => t.ranking);

export const unequalProtocols: Rule = {
  id: "comparison/unequal-protocol",
  title: "A ranking over unequal protocols",
  help:
    "Rows of a table that is read as a ranking differ in a stated field besides the method: another batch, encoder, " +
    "teacher, amount of tuning or number of tuned layers. The difference between such rows is not the method's alone. A " +
    "warning when the leader of a column is one of the rows that differ from most.",
  check: (corpus) =>
    rankings(corpus).flatMap((table) => {
      const byField = new Map<keyof Protocol, Claim[][]>();
      for (const cells of rankedColumns(corpus, table).values()) {
        const fields = new Set(cells.flatMap((c) => differingFields(cells[0]!.protocol, c.protocol)));
        for (const field of fields) byField.set(field, [...(byField.get(field) ?? []), cells]);
      }
      return [...byField].map(([field, columns]): Finding => {
        const cells = columns[0]!;
        const settings = [...Map.groupBy(cells, (c) => String(c.protocol[field] ?? "none stated"))]
          .sort((a, b) => b[1].length - a[1].length);
        const minority = settings.slice(1).flatMap(([, rows]) => rows);
        const usual = settings[0]![0];
        const led = columns.filter((c) => {
          const leader = higherIsBetter(c[0]!) ? [...c].sort((a, b) => b.value - a.value)[0]! : undefined;
          return leader !== undefined && String(leader.protocol[field] ?? "none stated") !== usual;
        });
        const shown = (rows: readonly Claim[]) =>
          rows.length > 6 ? `${rows.length} rows` : rows.map((r) => r.row).join(", ");
        return findingOn(
          unequalProtocols.id,
          led.length > 0 ? "warning" : "note",
          [minority[0]!, ...minority.slice(1)],
          `${table.source}: "${table.title}" ranks rows that differ in ${field.replaceAll("_", " ")}`,
          [
            ...settings.map(([setting, rows]) => `${field} ${setting}: ${shown(rows)}`),
            `in ${columns.length} of ${table.columns.length} columns; the leader is one of the rows that differ in ${
              led.length === 0 ? "none" : led.map((c) => c[0]!.column).join(", ")
            }`,
          ],
        );
      });
    }),
};

export const oneRunGap: Rule = {
  id: "comparison/one-run-gap",
  title: "The best and the second best of a one-run table cannot be told apart",
  help:
    "Two accuracies on a test set of N images differ by chance by 1.96 sqrt(se1^2 + se2^2), even for fixed models, when " +
    "only the totals are published (stored predictions would allow a paired test). Seeds add to that. Where the number of " +
    "runs is unstated, one is assumed.",
  check: (corpus) =>
    rankings(corpus).flatMap((table) =>
      [...rankedColumns(corpus, table).values()].flatMap((cells): Finding[] => {
        const sorted = cells.filter((c) => c.runs.length === 0 && (c.n ?? 1) === 1).sort((a, b) =>
          b.value - a.value
        );
        const first = sorted[0];
        // Variants of the paper's own method stand for one contender.
        const second = sorted.find((c, i) => i > 0 && !(first!.role === "proposed" && c.role === "proposed"));
        const least = first && second && resolvable(first, second);
        if (first === undefined || second === undefined || least === undefined) return [];
        const gap = first.value - second.value;
        if (gap > least) return [];
        const pairs = sorted.slice(1).map((c, i) => [sorted[i]!, c] as const);
        const undecided = pairs.filter(([a, b]) => a.value - b.value <= resolvable(a, b)!).length;
        const level = sorted.filter((c) => first.value - c.value <= resolvable(first, c)!);
        const places = Math.max(first.decimals, second.decimals);
        return [findingOn(
          oneRunGap.id,
          "note",
          [first, second],
          `${first.source}: ${first.row} leads ${first.table}/${first.column} over ${second.row} by ` +
            `${fixed(gap, places)}, less than the test set resolves`,
          [
            `${label(first)}, ${label(second)}, ${first.dataset!.test} test images`,
            `gap ${fixed(gap, places)} <= 1.96 sqrt(se1^2 + se2^2) = ${fixed(least, places + 1)}`,
            `level with the leader: ${level.map((c) => `${c.row} ${show(c)}`).join(", ")}`,
            `${undecided} of ${pairs.length} neighbouring pairs of the column are as close`,
          ],
        )];
      })
    ),
};

/** Expected largest of `n` independent standard normal values, by Simpson's rule (error below 1e-6 for n <= 1e5). */
export function expectedMaximum(n: number): number {
  const [low, high, steps] = [-9, 9, 3600];
  const h = (high - low) / steps;
  // E max = integral over x of [x > 0] - F(x)^n, the area form, which needs no density.
  const f = (x: number) => (x > 0 ? 1 : 0) - normalCdf(x) ** n;
  const integrate = (a: number, b: number, m: number) => {
    const step = (b - a) / m;
    let sum = f(a === 0 ? 1e-12 : a) + f(b === 0 ? -1e-12 : b);
    for (let i = 1; i < m; i++) sum += f(a + i * step) * (i % 2 === 1 ? 4 : 2);
    return (sum * step) / 3;
  };
  return integrate(low, 0, Math.round(-low / h)) + integrate(0, high, Math.round(high / h));
}

export const bestEpoch: Rule = {
  id: "comparison/best-epoch",
  title: "The best of many test-set evaluations is reported",
  help:
    "Keeping the best epoch on the test set selects in its own favour: with epoch-to-epoch movement s the best of E " +
    "evaluations exceeds a typical one by about s times the expected maximum of E standard normals (independent epochs).",
  check: (corpus) =>
    corpus.sources.flatMap((source) => {
      const best = source.claims.filter((c) => isShare(c) && c.protocol.selection === "best");
      const byCount = Map.groupBy(best, (c) => c.protocol.selected_over);
      return [...byCount].map(([count, claims]): Finding => {
        const jitter = source.epochJitter;
        const first = claims[0]!;
        const sds = count === undefined ? undefined : expectedMaximum(count);
        return findingOn(
          bestEpoch.id,
          "note",
          [first, ...claims.slice(1)],
          `${source.id}: ${claims.length} accuracies are the best of ${
            count ?? "an unstated number of"
          } evaluations on the ` +
            "test set",
          sds === undefined ? ["the number of evaluations is not stated, so the bias cannot be bounded"] : [
            `expected maximum of ${count} standard normals = ${fixed(sds, 3)}`,
            jitter === undefined
              ? `inflation = ${fixed(sds, 2)} x the movement from epoch to epoch, which is not published`
              : `with an assumed movement of ${jitter} points: ${fixed(sds * jitter, 2)} points` +
                (whole(first) === 1 ? ` (${fixed((sds * jitter) / 100, 4)} as a fraction)` : ""),
          ],
        );
      });
    }),
};
