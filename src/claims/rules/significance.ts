/** Whether a table's ranks carry its ranking: Friedman, Iman and Davenport, Nemenyi. */
import type { Claim, Table } from "../claim.ts";
import type { Corpus } from "../corpus.ts";
import { friedman, imanDavenport } from "../../stats/friedman.ts";
import { nemenyiCriticalDifference } from "../../stats/nemenyi.ts";
import { rankedColumns } from "./comparison.ts";
import { type Finding, findingOn, fixed, type Rule } from "./finding.ts";

const alpha = 0.05;

export const rankSeparation: Rule = {
  id: "significance/ranks",
  title: "The leader of a table is not separated by its ranks",
  help:
    "Friedman's test over the columns named as blocks (with Iman and Davenport's F), then Nemenyi's critical difference " +
    "at 0.05. Rows that miss a block are left out. Columns over one set of images or teachers are not independent, which " +
    "makes the test optimistic.",
  check: (corpus) => corpus.sources.flatMap((s) => s.tables).flatMap((t) => check(corpus, t)),
};

function check(corpus: Corpus, table: Table): Finding[] {
  if (table.blocks === undefined) return [];
  const columns = rankedColumns(corpus, table);
  const blocks = table.blocks.map((b) => columns.get(b) ?? []);
  const rows = table.rows.filter((row) => blocks.every((cells) => cells.some((c) => c.row === row)));
  if (rows.length < 2) return [];
  const cell = (cells: readonly Claim[], row: string) => cells.find((c) => c.row === row)!;
  const values = blocks.map((cells) => rows.map((row) => cell(cells, row).value));
  const test = friedman(values, "highest");
  const f = imanDavenport(test);
  const difference = nemenyiCriticalDifference(rows.length, blocks.length, alpha);
  const ranked = rows.map((row, i) => ({ row, rank: test.meanRanks[i]! })).sort((a, b) => a.rank - b.rank);
  const leader = ranked[0]!;
  const level = ranked.slice(1).filter((r) => r.rank - leader.rank < difference);
  if (level.length === 0) return [];
  const claims = blocks.map((cells) => cell(cells, leader.row)) as [Claim, ...Claim[]];
  const finding = findingOn(
    rankSeparation.id,
    "note",
    claims,
    `${table.source}: over ${blocks.length} columns of "${table.title}" the ranks do not separate ${leader.row} from ` +
      `${level.length} of ${rows.length - 1} other methods`,
    [
      `columns ${table.blocks.join(", ")}; ${rows.length} methods`,
      `Friedman chi2(${test.df}) = ${fixed(test.statistic, 2)}, p = ${
        test.p.toPrecision(2)
      }; Iman-Davenport ` +
      `F(${f.df.join(", ")}) = ${Number.isFinite(f.statistic) ? fixed(f.statistic, 2) : "infinite"}, p = ${
        f.p.toPrecision(2)
      }`,
      `mean ranks: ${ranked.map((r) => `${r.row} ${fixed(r.rank, 2)}`).join(", ")}`,
      `Nemenyi critical difference at ${alpha} = ${fixed(difference, 2)}; within it of the leader: ` +
      level.map((r) => r.row).join(", "),
    ],
  );
  return [{ ...finding, at: table.at }];
}
