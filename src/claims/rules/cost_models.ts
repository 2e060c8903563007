/** Costs that follow from a description: activations of a split ResNet, passes per step, bytes of a matrix, visits. */

/**
 * Convolution outputs per stage (numbers per image) of a bottleneck ResNet with an ImageNet stem: conv1 counts with the
 * first stage, and each stage's first block adds the projection of its shortcut.
 */
export function stageOutputs(blocks: readonly number[], base: number, image: number): number[] {
  const stem = (image / 2) ** 2 * base;
  return blocks.map((count, s) => {
    const width = base * 2 ** s;
    const side = image / 2 ** (s + 2);
    // The first block of a later stage still runs its 1x1 reduction at the resolution of the stage before.
    const early = s === 0 ? 0 : ((2 * side) ** 2 - side ** 2) * width;
    const block = side ** 2 * (width + width + 4 * width);
    return (s === 0 ? stem : 0) + early + count * block + side ** 2 * 4 * width;
  });
}

/** Peak-activation saving when units of `perUnit` neighbouring stages are trained one after another. */
export function localSaving(stages: readonly number[], perUnit: number): number {
  const total = stages.reduce((s, x) => s + x, 0);
  const units = stages.slice(0, stages.length - perUnit + 1).map((_, i) =>
    stages.slice(i, i + perUnit).reduce((s, x) => s + x, 0)
  );
  return total / Math.max(...units);
}

/** A step in forward-pass equivalents: a trained view costs a forward and a backward of twice the size. */
export function stepCost(views: { trained_views: number; forward_views: number }): number {
  return 3 * views.trained_views + views.forward_views;
}

/** Steps between two visits of a row when every epoch is reshuffled: mean t and standard deviation. */
export function reshuffledGap(rows: number, batch: number): { mean: number; sd: number } {
  const t = rows / batch;
  return { mean: t, sd: Math.sqrt((t ** 2 - 1) / 6) };
}
