/** The contract of a method file: five members, no base class. A file in src/methods exports one as `method`. */
import type { Objective } from "./grad.ts";
import type { Hypers } from "./hyper.ts";
import type { Scope } from "./scope.ts";
import type { Value } from "./trace.ts";

export type { Objective } from "./grad.ts";

export interface Method<H extends Hypers = Hypers> {
  /** The name users type; equals the file's name with dashes. */
  readonly name: string;
  /** Where it is defined: authors, title, identifier. */
  readonly paper: string;
  /** How many augmented views of each image a step sees. */
  readonly views: number;
  /** What an experiment may set, by the letters of the paper. */
  readonly hyper: H;
  /** Records the forward pass over views (N, H, W, 3) and says what to minimise, and by which parameters. */
  trace(s: Scope<H>, views: readonly Value[]): Objective | readonly Objective[];
}
