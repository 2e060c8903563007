/** Published accuracies of the methods of a table, found by dataset and probe. */
import type { Claim } from "../claims/claim.ts";
import type { Corpus } from "../claims/corpus.ts";
import { isListedAs } from "./published_cell.ts";

/** Top-1 accuracies that the corpus has for the methods on a dataset, by the probe they used. */
export function publishedFor(corpus: Corpus, methods: readonly string[], dataset: string): readonly Claim[] {
  return corpus.claims.filter((c) =>
    c.metric === "top1" && c.dataset?.id === dataset && methodOf(c, methods) !== undefined &&
    (c.protocol.probe === "linear" || c.protocol.probe === "knn")
  );
}

/** The method of a table that a claim is about. */
export function methodOf(claim: Claim, methods: readonly string[]): string | undefined {
  return methods.find((name) => isListedAs(name, claim.method));
}
