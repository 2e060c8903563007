/** Published accuracies of the methods of a table, judged against what runs measured. */
import { type Claim, halfUnit, type Printed, show } from "../claims/claim.ts";
import type { Corpus } from "../claims/corpus.ts";
import { asClaim, type ClaimResult } from "./outcome.ts";
import { type Scale } from "../base/scales.ts";
import { type Case, judgeAll } from "./judge_all.ts";

/** Names under which sources list a method. */
const LISTED_AS: Readonly<Record<string, readonly string[]>> = {
  moco: ["moco", "moco-v2", "moco-v2+"],
  barlow: ["barlow-twins"],
};

/** What a method's runs gave, and how. */
export interface MeasuredAccuracy {
  readonly method: string;
  readonly probe: "knn" | "linear";
  /** One value a seed, in percent. */
  readonly values: readonly number[];
  readonly dataset: string;
  readonly scale: Scale;
  readonly testSetSize: number | null;
  readonly protocol: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** Top-1 accuracies that the corpus has for the methods on a dataset, by the probe they used. */
export function publishedFor(corpus: Corpus, methods: readonly string[], dataset: string): readonly Claim[] {
  const listed = methods.flatMap((name) => LISTED_AS[name] ?? [name]);
  return corpus.claims.filter((c) =>
    c.metric === "top1" && c.dataset?.id === dataset && listed.includes(c.method) &&
    (c.protocol.probe === "linear" || c.protocol.probe === "knn")
  );
}

/** The method of a table that a claim is about. */
export function methodOf(claim: Claim, methods: readonly string[]): string | undefined {
  return methods.find((name) => (LISTED_AS[name] ?? [name]).includes(claim.method));
}

/** How far from a published accuracy still counts as the same. */
const MARGIN = { value: 1, source: "one point of accuracy, this project's choice" };

/** Judges published accuracies together, each by the runs of its method; `undefined` is a method that was not run. */
export function judgePublished(
  pairs: readonly { readonly claim: Claim; readonly measured: MeasuredAccuracy | undefined }[],
): ClaimResult[] {
  const cases = pairs.map(({ claim, measured }): Case => {
    const factor = claim.unit === "fraction" ? 100 : 1;
    const printed = (p: Printed) => ({ value: factor * p.value, halfStep: factor * halfUnit(p) });
    return {
      id: claim.id,
      kind: "value",
      input: {
        claim: {
          unit: "percent",
          dataset: claim.dataset!.id,
          scale: "paper",
          protocol: Object.fromEntries(Object.entries(claim.protocol).filter(([, v]) => v !== undefined)),
          ...printed(claim),
          n: claim.n,
          runs: claim.runs.map((run) => factor * run.value),
          ...(claim.spread && { spread: { kind: claim.spread.kind, ...printed(claim.spread) } }),
        },
        measured: measured && measured.values.length > 0
          ? {
            unit: "percent",
            dataset: measured.dataset,
            scale: measured.scale,
            protocol: measured.protocol,
            values: measured.values,
            testSetSize: measured.testSetSize,
          }
          : null,
        margin: MARGIN,
      },
    };
  });
  return judgeAll(cases).map((judgement, i) => {
    const { claim } = pairs[i]!;
    return asClaim(judgement, {
      id: claim.id,
      statement: `${claim.method}: ${show(claim)} ${claim.unit === "fraction" ? "(fraction)" : "%"} on ${
        claim.dataset!.title
      }, full scale (${describe(claim)})`,
      source: { paper: `${claim.reference.where} at ${claim.reference.revision}` },
      paraphrase: false,
    });
  });
}

function describe({ protocol }: Claim): string {
  const { encoder, epochs, probe, mode, k, selection } = protocol;
  return [
    encoder,
    epochs && `${epochs} epochs`,
    [mode, probe].filter(Boolean).join(" "),
    k && `k ${k}`,
    selection && `${selection} epoch`,
  ].filter(Boolean).join(", ");
}
