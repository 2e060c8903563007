/** Batch normalisation in f64, by its definition: two passes for the statistics. */

/** Biased mean and variance of every channel of a [rows, C] tensor. */
export function moments(x: Float64Array, channels: number): { mean: Float64Array; variance: Float64Array } {
  const rows = x.length / channels;
  const mean = new Float64Array(channels), variance = new Float64Array(channels);
  x.forEach((v, i) => mean[i % channels]! += v / rows);
  x.forEach((v, i) => variance[i % channels]! += (v - mean[i % channels]!) ** 2 / rows);
  return { mean, variance };
}

/** Inputs in the order x, gamma, beta, residual where there is one, then stored mean and variance where they are used. */
export function normReference(
  data: readonly Float64Array[],
  o: { channels: number; eps: number; relu: boolean; residual: boolean; stored: boolean },
): Float64Array {
  const [x, gamma, beta] = data as [Float64Array, Float64Array, Float64Array];
  const residual = o.residual ? data[3]! : undefined;
  const [mean, variance] = o.stored
    ? data.slice(o.residual ? 4 : 3)
    : (({ mean, variance }) => [mean, variance])(moments(x, o.channels));
  return x.map((v, i) => {
    const c = i % o.channels;
    const z = gamma[c]! * (v - mean![c]!) / Math.sqrt(variance![c]! + o.eps) + beta[c]! +
      (residual?.[i] ?? 0);
    return o.relu ? Math.max(z, 0) : z;
  });
}
