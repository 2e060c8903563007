/** Published accuracies of the methods of a table, judged against what runs measured. */
import { type Claim, halfUnit, show } from "../claims/claim.ts";
import type { Corpus } from "../claims/corpus.ts";
import type { ClaimResult } from "./judgement.ts";
import { type Scale } from "../base/scales.ts";
import { judge } from "./value.ts";

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

/** Judges a published accuracy by the runs of its method; `undefined` is a method that was not run. */
export function judgePublished(claim: Claim, measured: MeasuredAccuracy | undefined): ClaimResult {
  const factor = claim.unit === "fraction" ? 100 : 1;
  const { verdict, inequality, differs } = judge({
    claim: {
      unit: "percent",
      dataset: claim.dataset!.id,
      scale: "paper",
      protocol: Object.fromEntries(Object.entries(claim.protocol).filter(([, v]) => v !== undefined)),
      value: factor * claim.value,
      halfStep: factor * halfUnit(claim),
      n: claim.n,
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
  });
  const why = differs.length === 0 ? "" : `; differs in ${differs.join(", ")}`;
  return {
    id: claim.id,
    statement: `${claim.method}: ${show(claim)} ${claim.unit === "fraction" ? "(fraction)" : "%"} on ${
      claim.dataset!.title
    }, full scale (${describe(claim)}; ${claim.reference.where} at ${claim.reference.revision})${why}`,
    verdict,
    inequality,
  };
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
