/** The rules over published words: contradicted by cells, or not decidable from them. */
import type { Rule } from "./finding.ts";
import { rules, statements } from "./statement.ts";
import { arithmetic, meanOf } from "./statement_arithmetic.ts";
import { best, change, same, sameProtocol, spreadAdmitted, within } from "./statement_cells.ts";

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
