/** Channel statistics by name. A name stands in recipes and specifications, so its numbers never change. */
import type { Normalise, Statistics } from "./recipe_schema.ts";

/**
 * Mean and standard deviation of the channels, in units of 0..1: the numbers of solo-learn's `MEANS_N_STD`
 * (solo/data/pretrain_dataloader.py at 9187ea3), which for `imagenet` are timm's and torchvision's too. Its `stl10` is
 * nearly CIFAR-10's, not what one measures on STL-10; it is what that protocol uses.
 */
export const STATISTICS = {
  imagenet: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  cifar10: { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] },
  cifar100: { mean: [0.5071, 0.4865, 0.4409], std: [0.2673, 0.2564, 0.2762] },
  stl10: { mean: [0.4914, 0.4823, 0.4466], std: [0.247, 0.243, 0.261] },
} as const satisfies Record<string, Statistics>;

/** The numbers behind a recipe's `normalise`. */
export function statisticsOf(normalise: Normalise): Statistics {
  return typeof normalise === "string" ? STATISTICS[normalise] : normalise;
}
