/** A difference of runs for a terminal. */
import { count, table } from "../../base/text.ts";
import { type RunDiff, VERDICTS } from "./diff.ts";
import type { Facet } from "./facets.ts";
import type { Difference } from "../../record/differences.ts";
import type { Outcome } from "./outcome.ts";

/** Differences of one facet that are printed; the JSON has them all. */
const MOST = 12;

/** Markdown that also reads well in a terminal. */
export function renderDiff(d: RunDiff): string {
  const lines = [
    `A: ${d.a}`,
    `B: ${d.b}`,
    "",
    `${d.verdict}${d.cause ? `, likely cause: ${d.cause}` : ""}`,
    `${capital(VERDICTS[d.verdict])}.`,
    ...d.reason,
    "",
    table([["facet", "", ""], ...d.facets.map((f) => [f.name, f.state, f.note ?? ""])], "lll"),
  ];
  for (const facet of d.facets.filter((f) => f.differences.length > 0)) lines.push("", renderFacet(facet));
  lines.push("", renderOutcome(d.outcome));
  return lines.join("\n");
}

function renderFacet({ name, differences }: Facet): string {
  const shown = differences.slice(0, MOST).map(({ what, a, b }: Difference) => [what, short(a), short(b)]);
  const more = differences.length - shown.length;
  return [
    table([[name, "A", "B"], ...shown], "lll"),
    ...(more > 0 ? [`and ${more} more (--json has them all)`] : []),
  ].join("\n");
}

function renderOutcome(o: Outcome): string {
  const rows: string[][] = [
    ["status", o.status.a, o.status.b],
    ["steps", count(o.steps.a), count(o.steps.b)],
  ];
  const first = o.firstDifference;
  if (first) rows.push([`${first.series} of step ${first.step}`, `${first.a}`, `${first.b}`]);
  for (const { step, same } of o.states) {
    rows.push([`state after step ${step}`, same ? "same" : "different", ""]);
  }
  for (const { step, value, a, b } of o.evaluations) {
    rows.push([`${value} after step ${step}`, `${a}`, `${b}`]);
  }
  if (o.plannedBytes) rows.push(["planned bytes", count(o.plannedBytes.a), count(o.plannedBytes.b)]);
  if (o.peakBytes) rows.push(["peak bytes", count(o.peakBytes.a), count(o.peakBytes.b)]);
  return table([["outcome", "A", "B"], ...rows], "lll");
}

/** Hashes by their first digits. */
function short(value: string | null): string {
  if (value === null) return "(none)";
  return /^[0-9a-f]{40,64}$/.test(value) ? value.slice(0, 12) : value;
}

const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);
