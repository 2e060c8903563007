/** Losses of embeddings that more than one method minimises. All have shape [1] and are composed of ops. */
import { sumAxis } from "./ops/broadcast.ts";
import { prependColumn } from "./ops/column.ts";
import { fillDiagonal } from "./ops/diagonal.ts";
import { multiply, scale } from "./ops/elementwise.ts";
import { l2Normalise } from "./ops/l2.ts";
import { softmaxCrossEntropy } from "./ops/loss.ts";
import { matmul } from "./ops/matmul.ts";
import { concat } from "./ops/rows.ts";
import type { Trace, Value } from "./trace.ts";

/** A logit whose exponential is exactly 0 beside any cosine over a temperature. */
const NEVER = -1e9;

/**
 * NT-Xent of two views' projections (B, D), not yet normalised (Chen et al., arXiv 2002.05709, eq. 1): each of the 2B
 * rows must tell the other view of its image from the 2B - 2 rows of other images. The mean over all 2B rows, as the
 * paper's and as in solo-learn; the authors' TensorFlow code adds the means over B of both directions, twice this value.
 */
export function ntXent(t: Trace, z1: Value, z2: Value, T: number): Value {
  const B = z1.shape[0]!;
  const z = l2Normalise(t, concat(t, [z1, z2])); // (2B, D)
  const similarity = matmul(t, scale(t, z, 1 / T), z, { transposeB: true }); // (2B, 2B)
  const logits = fillDiagonal(t, similarity, NEVER); // no row is its own negative
  const positive = t.program.constant(
    `positive of ${z.label}`,
    Uint32Array.from({ length: 2 * B }, (_, i) => (i + B) % (2 * B)),
  );
  return softmaxCrossEntropy(t, logits, positive);
}

/**
 * InfoNCE of queries q (B, D) with positives k (B, D) and negatives (K, D) that all queries share, rows of length one (He
 * et al., arXiv 1911.05722, eq. 1): the mean over queries of the cross-entropy of [q.k, q.negatives] / T, label 0.
 */
export function infoNce(t: Trace, q: Value, k: Value, negatives: Value, T: number): Value {
  const sharp = scale(t, q, 1 / T);
  const lPos = sumAxis(t, multiply(t, sharp, k), 1); // (B)
  const lNeg = matmul(t, sharp, negatives, { transposeB: true }); // (B, K)
  const labels = t.program.constant(`positive of ${q.label}`, new Uint32Array(q.shape[0]!));
  return softmaxCrossEntropy(t, prependColumn(t, lPos, lNeg), labels);
}
