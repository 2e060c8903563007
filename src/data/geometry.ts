/** How the images of a store are made of the originals, in one word that specifications and datasets carry. */
import { failure } from "../base/error.ts";

/**
 * - `square`: the shorter side is resized to the store's size and the middle square is kept (decode/resize.ts). Random
 *   crops and the evaluation view are taken from that square: of a wide original its ends are never seen.
 * - `full`: the original, of any shape, from which every crop is taken. Nothing builds such a store yet.
 */
export type Geometry = "square" | "full";

/** Throws unless a store of that geometry can be built. */
export function requireGeometry(word: string): asserts word is "square" {
  if (word === "square") return;
  throw failure({
    operation: "store",
    object: "images",
    required: 'the geometry must be "square", the only one that is built',
    found: word === "full" ? '"full", which would keep whole images' : `"${word}"`,
    wayOut: 'use "square", and name in the report that crops see the middle square alone',
  });
}
