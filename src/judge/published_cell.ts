/** Published cells against measured ones, met by name. */
import { type Claim, halfUnit, type Printed, show } from "../claims/claim.ts";
import type { Corpus } from "../claims/corpus.ts";
import type { Case } from "./judge_all.ts";
import {
  type ClaimCase,
  comparedUnit,
  type MeasuredCell,
  type MeasuredTable,
  statedProtocol,
} from "./measured.ts";

/** Names under which sources list a method. */
const LISTED_AS: Readonly<Record<string, readonly string[]>> = {
  moco: ["moco", "moco-v2", "moco-v2+"],
  barlow: ["barlow-twins"],
};

/** Whether a source means a method of this project by `listed`. */
export function isListedAs(method: string, listed: string): boolean {
  return method === listed || (LISTED_AS[method] ?? []).includes(listed);
}

/**
 * The published cell at a row and column of a claims table, such as `solo-learn:cifar`; undefined where none is. The row
 * is the claims' own id, or the name of a method that the source lists under another.
 */
export function publishedCell(corpus: Corpus, table: string, row: string, column: string): Claim | undefined {
  const own = corpus.claims.filter((c) => `${c.source}:${c.table}` === table && c.column === column);
  return own.find((c) => c.row === row) ??
    own.find((c) => isListedAs(row, c.row) || isListedAs(row, c.method));
}

/** How far from a published accuracy still counts as the same, in points. */
export const ACCURACY_MARGIN = { value: 1, source: "one point of accuracy, this project's choice" };

/** A case for every measured cell whose table, row and column were published. */
export function cellCases(corpus: Corpus, measured: MeasuredTable): ClaimCase[] {
  return measured.cells.flatMap((cell) => {
    const claim = publishedCell(corpus, measured.table, cell.row, cell.column);
    return claim === undefined ? [] : [cellCase(claim, cell)];
  });
}

/** The case of a published cell; `cell` is undefined where it was not run. */
export function cellCase(claim: Claim, cell: MeasuredCell | undefined): ClaimCase {
  const { dataset, reference, unit } = claim;
  return {
    decide: comparison(claim, cell),
    about: {
      id: claim.id,
      statement: `${claim.method}: ${show(claim)} ${unit === "percent" ? "%" : unit}${
        dataset ? ` on ${dataset.title}` : ""
      }, full scale${describe(claim)}`,
      source: { paper: `${reference.where} at ${reference.revision}` },
      paraphrase: false,
    },
  };
}

function comparison(claim: Claim, cell: MeasuredCell | undefined): Case {
  const [unit, factor] = comparedUnit(claim.unit);
  const printed = (p: Printed) => ({ value: factor * p.value, halfStep: factor * halfUnit(p) });
  const { value, halfStep: rounding } = printed(claim);
  const halfStep = rounding + factor * (claim.readingError ?? 0);
  const conditions = {
    unit,
    dataset: claim.dataset?.id ?? cell?.dataset ?? "",
    scale: "paper",
    protocol: statedProtocol(claim),
  } as const;
  const outcome = cell?.outcome ?? null;
  const bound = claim.bound === "at-least" || claim.bound === "at-most" ? claim.bound : undefined;
  const [own, ownFactor] = comparedUnit(cell?.unit ?? unit);
  const measured = { ...conditions, ...cell, unit: own };
  if (outcome !== null && "value" in outcome) {
    return {
      id: claim.id,
      kind: "exact",
      input: {
        claim: { ...conditions, relation: bound ?? "equal", value, halfStep },
        measured: { ...measured, numerator: ownFactor * outcome.value },
      },
    };
  }
  return {
    id: claim.id,
    kind: "value",
    input: {
      claim: {
        ...conditions,
        value,
        halfStep,
        n: claim.n,
        runs: claim.runs.map((run) => factor * run.value),
        ...(bound && { bound }),
        ...(claim.spread && { spread: { kind: claim.spread.kind, ...printed(claim.spread) } }),
      },
      measured: outcome === null || outcome.values.length === 0 ? null : {
        ...measured,
        values: outcome.values.map((v) => ownFactor * v),
        testSetSize: outcome.testSetSize,
      },
      margin: unit === "percent" ? ACCURACY_MARGIN : { value: halfStep, source: "the rounding of the claim" },
    },
  };
}

function describe({ protocol }: Claim): string {
  const { encoder, epochs, probe, mode, k, selection } = protocol;
  const words = [
    encoder,
    epochs && `${epochs} epochs`,
    [mode, probe].filter(Boolean).join(" "),
    k && `k ${k}`,
    selection && `${selection} epoch`,
  ].filter(Boolean);
  return words.length === 0 ? "" : ` (${words.join(", ")})`;
}
