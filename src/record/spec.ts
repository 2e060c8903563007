/** What a run is, as data: committed before it runs, hashed, and carried in every event. */
import type { HyperValue } from "../nn/hyper.ts";
import type { OptimizerSpec } from "../nn/optimizers.ts";

export interface DataSpec {
  /** Manifest name under datasets/. */
  readonly name: string;
  readonly split: string;
  /** Side of the stored images. */
  readonly size: number;
  /** First n images of each class in name order, or all. */
  readonly perClass: number | null;
}

export interface EvaluationSpec {
  /** Epochs between evaluations; the last epoch is always evaluated. */
  readonly every: number;
  readonly test: DataSpec;
  /** Weighted kNN: neighbours and temperature. */
  readonly k: number;
  readonly T: number;
}

export interface RunSpec {
  readonly method: string;
  /** What the method declares, by letter. */
  readonly hyper: Readonly<Record<string, HyperValue>>;
  readonly encoder: { readonly name: string; readonly width: number };
  readonly data: DataSpec;
  /** Augmentation recipe by name; one per view. */
  readonly recipe: string;
  /** Side of the views. */
  readonly side: number;
  readonly batch: number;
  readonly epochs: number;
  readonly optimizer: OptimizerSpec;
  readonly seed: number;
  readonly evaluation: EvaluationSpec;
  /** Steps between checkpoints; the last step is always one. */
  readonly checkpointEvery: number;
}

/** Batches of an epoch; the last images that fill no batch are left out, others each epoch. */
export function stepsPerEpoch(images: number, batch: number): number {
  return Math.floor(images / batch);
}
