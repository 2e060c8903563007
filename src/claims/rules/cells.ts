/** The same cell published twice: in one source, in two, or as somebody's baseline. */
import { type Claim, halfUnit, label, show } from "../claim.ts";
import type { Corpus } from "../corpus.ts";
import type { Protocol } from "../schema.ts";
import { type Finding, findingOn, fixed, type Rule, signed } from "./finding.ts";
import { resolvable, samplingSe } from "./sampling.ts";
import { cellKey, describeDifference, differingFields, sameFamily, sameSetting } from "./setting.ts";

/** Protocol fields that cannot change what is measured: peak memory does not depend on how long a program runs. */
const irrelevant: Readonly<Record<string, readonly (keyof Protocol)[]>> = { "peak-memory": ["epochs"] };

/** Groups with two or more members, in corpus order. */
function groups(claims: readonly Claim[], key: (c: Claim) => string): [Claim, Claim, ...Claim[]][] {
  const map = new Map<string, Claim[]>();
  for (const c of claims) {
    const k = key(c);
    map.set(k, [...(map.get(k) ?? []), c]);
  }
  return [...map.values()].filter((g) => g.length > 1) as [Claim, Claim, ...Claim[]][];
}

/** Whether two printed numbers can be roundings of one number; a listed run agrees with the mean of its list. */
function agree(a: Claim, b: Claim): boolean {
  if (a.runs.some((r) => r.value === b.value) || b.runs.some((r) => r.value === a.value)) return true;
  const reading = (a.readingError ?? 0) + (b.readingError ?? 0);
  return Math.abs(a.value - b.value) <= halfUnit(a) + halfUnit(b) + reading - 1e-9 || a.value === b.value;
}

export const twoValues: Rule = {
  id: "cells/two-values",
  title: "Two published values for one cell",
  help:
    "One source gives two different numbers for the same method, data, metric and protocol. For peak memory the number " +
    "of epochs is left out of the protocol, because the same step is repeated.",
  check: (corpus) =>
    corpus.sources.flatMap((source) =>
      groups(
        // A baseline beside the value it is quoted from is the matter of cells/weak-baseline.
        source.claims.filter((c) => c.bound !== "at-least" && c.role !== "baseline"),
        (c) => cellKey(c, irrelevant[c.metric]),
      ).flatMap(
        (group): Finding[] => {
          const sorted = [...group].sort((a, b) => a.value - b.value);
          const [low, high] = [sorted[0]!, sorted.at(-1)!];
          if (agree(low, high)) return [];
          const ratio = high.value / low.value;
          const se = samplingSe(low);
          const others = describeDifference(
            low.protocol,
            high.protocol,
            differingFields(low.protocol, high.protocol),
          );
          return [findingOn(
            twoValues.id,
            ratio > 1.1 || (low.metric !== "peak-memory" && low.metric !== "time") ? "warning" : "note",
            [low, high],
            `${low.method}${
              low.dataset ? ` on ${low.dataset.title}` : ""
            } has two values of ${low.metric}: ` +
              `${show(low)} and ${show(high)} ${low.unit}`,
            [
              `${label(low)}  (${low.reference.where} at ${low.reference.revision})`,
              `${label(high)}  (${high.reference.where} at ${high.reference.revision})`,
              `difference ${signed(high.value - low.value, Math.max(low.decimals, high.decimals))}, ratio ${
                fixed(ratio, 2)
              }` + (se === undefined ? "" : `, sampling error of one value ${fixed(se, 2)}`),
              ...(others === ""
                ? []
                : [`protocols differ only in ${others}, which cannot change ${low.metric}`]),
            ],
          )];
        },
      )
    ),
};

export const acrossSources: Rule = {
  id: "cells/across-sources",
  title: "Two sources publish different values for one setting",
  help:
    "Same method, encoder, data, probe and epochs, further apart than test-set sampling explains. Seeds add to that; " +
    "one-run tables do not say how much. Fields that only one source states are listed.",
  check: (corpus) => {
    const relevant = corpus.claims.filter((c) =>
      c.protocol.epochs !== undefined && c.role !== "baseline" &&
      // Runs on one side give the sharper test of runs/outside-prediction-interval.
      c.runs.length < 3 && !listedElsewhere(corpus, c)
    );
    const pairs = relevant.flatMap((a, i) =>
      relevant.slice(i + 1).filter((b) => a.source !== b.source && sameSetting(a, b) && apart(a, b)).map((
        b,
      ) => [a, b])
    ) as [Claim, Claim][];
    const settings = Map.groupBy(
      pairs,
      ([a, b]) => JSON.stringify([a.source, b.source, a.method, a.dataset!.id, a.metric, a.protocol.epochs]),
    );
    return [...settings.values()].map((group): Finding => {
      // The pair with the fewest differing fields says most; among those the widest.
      const fieldsOf = ([a, b]: [Claim, Claim]) => differingFields(a.protocol, b.protocol);
      const gapOf = ([a, b]: [Claim, Claim]) => Math.abs(a.value - b.value);
      const [a, b] = [...group].sort((p, q) =>
        fieldsOf(p).length - fieldsOf(q).length || gapOf(q) - gapOf(p)
      )[0]!;
      const fields = differingFields(a.protocol, b.protocol);
      const [low, high] = a.value < b.value ? [a, b] : [b, a];
      return findingOn(
        acrossSources.id,
        fields.length === 0 ? "warning" : "note",
        [low, high],
        `${low.source} has ${show(low)} and ${high.source} ${show(high)} for ${low.method} after ` +
          `${low.protocol.epochs} epochs on ${low.dataset!.title}`,
        [
          `${label(high)}, ${label(low)}: apart by ${fixed(high.value - low.value, 2)} > ${
            fixed(resolvable(a, b)!, 2)
          } that test-set sampling explains`,
          fields.length === 0
            ? "no stated field of the protocols differs"
            : `protocols differ or are unstated: ${describeDifference(low.protocol, high.protocol, fields)}`,
        ],
      );
    });
  },
};

function apart(a: Claim, b: Claim): boolean {
  const least = resolvable(a, b);
  return least !== undefined && Math.abs(a.value - b.value) > least + halfUnit(a) + halfUnit(b);
}

/** A released model that is one of the runs of a list: the list speaks for it. */
function listedElsewhere(corpus: Corpus, c: Claim): boolean {
  return corpus.claims.some((o) =>
    o !== c && o.source === c.source && o.runs.some((r) => r.value === c.value) && sameSetting(o, c)
  );
}

export const weakBaseline: Rule = {
  id: "cells/weak-baseline",
  title: "A baseline below what others publish for the method",
  help:
    "A paper's own baseline is compared with every other published value of the same method, encoder, data and probe. " +
    "When the paper does not state the epochs, the list shows which lengths of training the value fits.",
  check: (corpus) =>
    corpus.claims.filter((c) => c.role === "baseline").flatMap((base): Finding[] => {
      const others = corpus.claims
        .filter((o) => o.role !== "baseline" && sameFamily(base, o) && comparableEpochs(base, o))
        .sort((a, b) => b.value - a.value);
      // What the method's authors publish, or the paper itself quotes, comes before anybody else's number.
      const best = others.find((o) => o.source === base.method || o.source === base.source) ?? others[0];
      const least = best === undefined ? undefined : resolvable(base, best);
      if (best === undefined || least === undefined || best.value - base.value <= least) return [];
      const near = [...others].sort((a, b) =>
        Math.abs(a.value - base.value) - Math.abs(b.value - base.value)
      )[0]!;
      const fields = differingFields(base.protocol, best.protocol);
      const ours = corpus.claims.filter((o) =>
        o.source === base.source && o.role === "proposed" && o.dataset?.id === base.dataset?.id &&
        o.metric === base.metric && o.unit === base.unit && o.table === base.table
      );
      const beaten = ours.filter((o) => o.value < best.value);
      const finding = findingOn(
        weakBaseline.id,
        best.value - base.value > 2 * least ? "warning" : "note",
        [base, best, ...(near === best ? [] : [near]), ...beaten],
        `${base.source} compares with ${base.method} at ${show(base)}; ${best.id} has ${show(best)}`,
        [
          `${show(best)} - ${show(base)} = ${fixed(best.value - base.value, 2)} > ${fixed(least, 2)} ` +
          "that test-set sampling explains",
          `epochs of the baseline: ${base.protocol.epochs ?? "unstated"}; published elsewhere: ` +
          others.map((o) => `${show(o)} (${o.protocol.epochs ?? "epochs unstated"}, ${o.source})`).join(", "),
          ...(base.protocol.epochs === undefined
            ? [`nearest published value: ${show(near)} at ${near.protocol.epochs ?? "unstated"} epochs`]
            : []),
          ...(fields.length === 0 ? [] : [
            `protocols differ or are unstated: ${describeDifference(base.protocol, best.protocol, fields)}`,
          ]),
          ...beaten.map((o) =>
            `the paper's own ${label(o)} is still ${fixed(best.value - o.value, 2)} below it`
          ),
        ],
      );
      return [{ ...finding, sources: [base.source] }];
    }),
};

function comparableEpochs(base: Claim, other: Claim): boolean {
  return base.protocol.epochs === undefined || base.protocol.epochs === other.protocol.epochs;
}
