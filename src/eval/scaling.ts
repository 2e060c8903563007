/** What a linear probe sees of features: rows of length one, columns of mean zero and variance one, both or neither. */
import type { Features } from "./features.ts";
import { normalised } from "./nearest.ts";

/**
 * - `none`: features as they are;
 * - `l2`: rows divided by their length;
 * - `standardise`: every feature less its mean, divided by its standard deviation, both of the training rows;
 * - `l2-standardise`: the first, then the second, as CompRess does.
 */
export type Scaling = "none" | "l2" | "standardise" | "l2-standardise";

/** Both sets scaled; means and variances are those of the training rows alone. Variances get 1e-5 added. */
export function scaleBoth(train: Features, test: Features, scaling: Scaling): [Features, Features] {
  const lengths = scaling === "l2" || scaling === "l2-standardise";
  const both = ([["training", train], ["test", test]] as const).map(([what, features]) => {
    const unit = normalised(features, what); // also checks that all values are finite
    return { ...features, values: lengths ? unit : features.values };
  }) as [Features, Features];
  if (!scaling.endsWith("standardise")) return both;
  const { values, rows, width } = both[0];
  const mean = new Float64Array(width), square = new Float64Array(width);
  for (let i = 0; i < values.length; i++) mean[i % width]! += values[i]! / rows;
  for (let i = 0; i < values.length; i++) square[i % width]! += (values[i]! - mean[i % width]!) ** 2 / rows;
  const factor = square.map((v) => 1 / Math.sqrt(v + 1e-5));
  return both.map((features) => ({
    ...features,
    values: features.values.map((v, i) => (v - mean[i % width]!) * factor[i % width]!),
  })) as [Features, Features];
}
