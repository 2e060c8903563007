/** Orders that the numbers of one source should have, and how much the choice of protocol moves them. */
import { type Claim, halfUnit, label, show } from "../claim.ts";
import type { Protocol } from "../schema.ts";
import { type Finding, findingOn, fixed, type Rule, signed } from "./finding.ts";
import { higherIsBetter, resolvable } from "./sampling.ts";
import { differingFields } from "./setting.ts";

/** More of these is expected to help: longer training, a wider or deeper encoder, more anchors. */
const effort: readonly (keyof Protocol)[] = ["epochs", "width", "encoder", "queue"];

/** Depth of encoders that belong to one family, so that resnet101 > resnet50. */
function depth(encoder: string | undefined): { family: string; depth: number } | undefined {
  const match = /^([a-z-]*?)(\d+)$/.exec(encoder ?? "");
  return match === null ? undefined : { family: match[1]!, depth: Number(match[2]) };
}

/** Sign of "b has more than a" along one field; undefined when the field does not order them. */
function more(field: keyof Protocol, a: Protocol, b: Protocol): number | undefined {
  if (field === "encoder") {
    const [da, db] = [depth(a.encoder), depth(b.encoder)];
    return da === undefined || db === undefined || da.family !== db.family ? undefined : db.depth - da.depth;
  }
  const [x, y] = field === "width" ? [a.width ?? 1, b.width ?? 1] : [a[field], b[field]];
  return typeof x === "number" && typeof y === "number" ? y - x : undefined;
}

/** Pairs of one source that differ in nothing but one field of the protocol. */
function neighbours(claims: readonly Claim[]): { a: Claim; b: Claim; field: keyof Protocol }[] {
  const found: { a: Claim; b: Claim; field: keyof Protocol }[] = [];
  const byCell = Map.groupBy(
    claims,
    (c) => JSON.stringify([c.source, c.method, c.dataset?.id, c.metric, c.unit]),
  );
  for (const group of byCell.values()) {
    group.forEach((a, i) =>
      group.slice(i + 1).forEach((b) => {
        const fields = differingFields(a.protocol, b.protocol);
        // Keeping the best of more evaluations goes with training longer.
        const counted = fields.filter((f) => f !== "selected_over" || !fields.includes("epochs"));
        if (counted.length === 1) found.push({ a, b, field: counted[0]! });
      })
    );
  }
  return found;
}

export const monotone: Rule = {
  id: "ordering/not-monotone",
  title: "More training or a larger encoder gives a lower accuracy",
  help:
    "Two cells differ only in epochs, width, depth or queue size, and the larger one is lower. Warning when test-set " +
    "sampling cannot explain it: then either the run is not representative or the recipe does not scale as the row suggests.",
  check: (corpus) =>
    neighbours(corpus.claims.filter(higherIsBetter)).flatMap(({ a, b, field }): Finding[] => {
      if (!effort.includes(field)) return [];
      const direction = more(field, a.protocol, b.protocol);
      if (direction === undefined || direction === 0) return [];
      const [less, larger] = direction > 0 ? [a, b] : [b, a];
      const loss = less.value - larger.value;
      const rounding = halfUnit(less) + halfUnit(larger) + (less.readingError ?? 0) +
        (larger.readingError ?? 0);
      if (loss <= rounding - 1e-9) return [];
      const least = resolvable(less, larger);
      const value = (c: Claim) => String(field === "width" ? c.protocol.width ?? 1 : c.protocol[field]);
      return [findingOn(
        monotone.id,
        least !== undefined && loss > least ? "warning" : "note",
        [larger, less],
        `${larger.source}: ${larger.method} is lower at ${field} ${value(larger)} (${
          show(larger)
        }) than at ` +
          `${value(less)} (${show(less)})`,
        [
          `${label(larger)} - ${label(less)} = ${signed(-loss, 2)}`,
          least === undefined
            ? "test-set size unknown"
            : `a difference of ${fixed(least, 2)} could come from the test set alone`,
        ],
      )];
    }),
};

/** Choices made after training: they change the number, not the model. */
const evaluation: readonly (keyof Protocol)[] = [
  "k",
  "knn_temperature",
  "mode",
  "crops",
  "selection",
  "decoder",
];

export const protocolSpread: Rule = {
  id: "ordering/protocol-spread",
  title: "The evaluation protocol moves the number more than sampling does",
  help:
    "The same model scored with another k, probe mode or the like. A claim without this field cannot be reproduced to " +
    "better than the spread.",
  check: (corpus) => {
    const pairs = neighbours(corpus.claims.filter(higherIsBetter)).filter((p) =>
      evaluation.includes(p.field)
    );
    const byTable = Map.groupBy(pairs, (p) => JSON.stringify([p.a.source, p.a.table, p.a.metric, p.field]));
    return [...byTable.values()].flatMap((group): Finding[] => {
      const beyond = group.filter(({ a, b }) => Math.abs(a.value - b.value) > (resolvable(a, b) ?? Infinity));
      const widest = [...beyond].sort((p, q) =>
        Math.abs(q.a.value - q.b.value) - Math.abs(p.a.value - p.b.value)
      )[0];
      if (widest === undefined) return [];
      const { a, b, field } = widest;
      const difference = Math.abs(a.value - b.value);
      return [findingOn(
        protocolSpread.id,
        "note",
        [a, b],
        `${a.source}: ${field.replaceAll("_", " ")} alone moves ${a.method} on ${a.dataset!.title} by ` +
          `${fixed(difference, Math.max(a.decimals, b.decimals))} (${field} is part of the claim)`,
        [
          `${label(a)} (${field} ${a.protocol[field]}), ${label(b)} (${field} ${b.protocol[field]})`,
          `${beyond.length} of ${group.length} pairs differ by more than test-set sampling explains ` +
          `(here ${fixed(resolvable(a, b)!, 2)})`,
        ],
      )];
    });
  },
};
