/** The contract of a method file: five members and two more where they are needed, no base class. A file in src/methods exports one as `method`. */
import type { Objective } from "./grad.ts";
import type { Hypers } from "./hyper.ts";
import type { Scope } from "./scope.ts";
import type { Value } from "./trace.ts";

export type { Objective } from "./grad.ts";

/** One replay of a step: forward pass, backward pass, and the effects it names. */
export interface Replay {
  readonly name: string;
  /** Effects that run, by name; the guard runs always. Default all. */
  readonly effects?: readonly string[];
  /**
   * Which part of the step's images it sees, from 0. A step's batch is cut into as many equal parts as replays name, and
   * one part is what is traced: M tasks of B images make a batch of M B. Default 0.
   */
  readonly part?: number;
  /** Step scalars that are others in this replay, from the step (from 0) and what they are by their schedules. */
  readonly scalars?: (
    step: number,
    usual: Readonly<Record<string, number>>,
  ) => Readonly<Record<string, number>>;
}

/** What a file of src/methods exports as `method`. */
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
  /** The replays of a step, in order, where it is not one with all effects: an inner and an outer one, a look ahead. */
  replays?(s: Scope<H>): readonly Replay[];
  /**
   * A pass of the untrained network over all training images in index order before the first step, which runs the effects
   * it names and what they need: a bank filled from features. What it leaves is the state of step 0.
   */
  initialPass?(s: Scope<H>): Replay;
}
