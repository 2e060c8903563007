/** What a published preset is. */
import type { RunSpecInput } from "../../record/spec/spec.ts";
import type { DifferenceId } from "./differences.ts";

/** What of a run's specification a publication decides. */
export type PublishedSpec = Pick<
  RunSpecInput,
  "method" | "hyper" | "encoder" | "data" | "views" | "batch" | "optimizer" | "stop"
>;

export interface PublishedPreset {
  readonly source: {
    /** Repository (owner/name) or address. */
    readonly repository: string;
    readonly file: string;
    readonly revision: string;
  };
  readonly spec: PublishedSpec;
  /** Fields that no source states, by dotted path (a path covers what lies below it): what was chosen, and why. */
  readonly assumptions: Readonly<Record<string, string>>;
  /** What a run of this specification does otherwise than the source. */
  readonly differs: readonly DifferenceId[];
}

/** Both splits of a data set, all images, stored with squares of `size` pixels. */
export function splits(name: string, size: number): PublishedSpec["data"] {
  return { train: { name, split: "train", size }, test: { name, split: "test", size } };
}
