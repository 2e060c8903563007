/**
 * Granularity: an accuracy is a count over a test set, and a mean of n runs a count over n test sets. A printed value
 * that no count rounds to was not measured that way (the idea of Brown and Heathers' GRIM test).
 */
import { type Claim, halfUnit, label, show } from "../claim.ts";
import type { Corpus } from "../corpus.ts";
import { type Finding, findingOn, fixed, type Rule } from "./finding.ts";
import { isShare, whole } from "./sampling.ts";

// Rounding half up, half even and truncation differ at the edge of the printed interval; all are allowed.
const slack = 1e-9;

/** The two attainable values around a printed one, and whether either rounds to it. */
export function attainable(
  printed: { value: number; decimals: number },
  images: number,
  unitWhole: number,
): { possible: boolean; below: number; above: number } {
  const half = halfUnit(printed) + slack;
  const exact = (printed.value / unitWhole) * images;
  const below = Math.floor(exact + slack);
  const values = [below, below + 1].map((count) => (count / images) * unitWhole);
  return { possible: values.some((v) => Math.abs(v - printed.value) <= half), below, above: below + 1 };
}

export const testSetGranularity: Rule = {
  id: "granularity/test-set",
  title: "A value that no number of correct test images gives",
  help:
    "An accuracy over N test images and n runs is a multiple of 1/(N n). The printed value must be a rounding of one. " +
    "Assumes that the whole test set is scored and, where n is unstated, that the value is one run.",
  check: (corpus) => corpus.claims.flatMap(check),
};

function check(c: Claim): Finding[] {
  const size = c.dataset?.test;
  if (!isShare(c) || size === undefined || c.bound !== "exact" || c.readingError !== undefined) return [];
  const n = c.n ?? 1;
  const { possible, below, above } = attainable(c, size * n, whole(c));
  if (possible) return [];
  const shown = (count: number) => fixed((count / (size * n)) * whole(c), c.decimals + 3);
  return [findingOn(
    testSetGranularity.id,
    "warning",
    [c],
    `${label(c)} cannot be the accuracy of ${n === 1 ? "one run" : `${n} runs`} on the ${size} images of ` +
      `${c.dataset!.title}${c.n === null ? " (number of runs unstated)" : ""}`,
    [
      `step = ${whole(c)} / ${size * n} = ${Number((whole(c) / (size * n)).toPrecision(4))}`,
      `${below} correct -> ${shown(below)}, ${above} correct -> ${shown(above)}; neither rounds to ${
        show(c)
      }`,
    ],
  )];
}

export const accuracyRange: Rule = {
  id: "granularity/range",
  title: "An accuracy outside 0 to 100 %",
  help: "A share of the test images lies between none and all of them.",
  check: (corpus: Corpus) =>
    corpus.claims.filter((c) => isShare(c) && (c.value < 0 || c.value > whole(c))).map((c) =>
      findingOn(accuracyRange.id, "error", [c], `${label(c)} is not a share of the test images`, [
        `0 <= value <= ${whole(c)} fails for ${show(c)}`,
      ])
    ),
};
