/**
 * Second order without a second-order engine: Hessian-vector products by central differences of gradients over a
 * parameter arena, H v = (g(w + eps v) - g(w - eps v)) / (2 eps), from two extra replays of the very step that
 * trains. Inputs, seeds and state are the same in both, effects are frozen, parameters come back bit for bit.
 */
import { Kernel } from "../gpu/kernel.ts";
import { plan } from "../gpu/planner.ts";
import { Program } from "../gpu/program.ts";
import { Session } from "../gpu/session.ts";
import type { Arena, Value } from "../gpu/value.ts";
import perturbSource from "../kernels.wgsl/perturb.wgsl" with { type: "text" };
import radiusSource from "../kernels.wgsl/radius.wgsl" with { type: "text" };
import { copyArena, mirrorOf } from "./mirror.ts";
import { Spans, type Trained, windowOf } from "./spans.ts";

const perturbKernel = new Kernel("perturb", perturbSource);
const radiusKernel = new Kernel("radius", radiusSource);

/**
 * Default length of the perturbation as a share of the parameters' norm. See decisions/0010-difference-step.md for
 * the error curve it was chosen from.
 */
export const RADIUS = 1e-5;

export interface HessianOptions {
  /** Length of eps v. Default RADIUS, in units of the parameters' norm. */
  readonly radius?: number;
  /** Whether `radius` is in units of the parameters' norm. Default true; false is DARTS' eps = radius / |v|. */
  readonly relative?: boolean;
}

/** Parts of the small program, each an effect that is replayed alone. */
const PARTS = ["aim", "begin", "plus", "between", "minus", "end", "restore"] as const;
type Part = (typeof PARTS)[number];

/** Hessian-vector products over the trained tensors of one arena, bound beside the session that trains them. */
export class HessianVector {
  readonly #session: Session;

  private constructor(
    session: Session,
    /** Direction v by logical parameter name: write it, or let `aimAtGradient` do so. Not changed by `run`. */
    readonly direction: ReadonlyMap<string, Value>,
    /** H v by logical parameter name, after `run`. */
    readonly product: ReadonlyMap<string, Value>,
    /** f32 (2): eps of the last run and 1 / (2 eps). */
    readonly size: Value,
  ) {
    this.#session = session;
  }

  /** Binds the small program. It borrows parameters and gradients from `main`, which must stay open. */
  static async bind(main: Session, trained: Trained, options: HessianOptions = {}): Promise<HessianVector> {
    const program = new Program(main.plan.program.target);
    const made = record(program, trained, options);
    const session = await Session.bind(main.device, plan(program), main);
    return new HessianVector(session, made.direction, made.product, made.size);
  }

  /** Session that holds `direction` and `product`, for reading and writing them. */
  get session(): Session {
    return this.#session;
  }

  /** Copies the gradients of the last replay into the direction, without a round trip. */
  aimAtGradient(): void {
    this.#run("aim");
  }

  /**
   * Computes the product. `replay` must replay the training step with the same scalars each time and all effects
   * frozen; if it throws, the parameters come back all the same. Waits for nothing. Loss and gradients are left as they
   * were at w - eps v.
   */
  run(replay: () => void): void {
    this.#run("begin");
    try {
      this.#run("plus");
      replay();
      this.#run("between");
      this.#run("minus");
      replay();
      this.#run("end");
    } finally {
      this.#run("restore");
    }
  }

  #run(part: Part): void {
    this.#session.replay({ freeze: PARTS.filter((p) => p !== part) });
  }

  close(): void {
    this.#session.close();
  }
}

interface Made {
  readonly direction: ReadonlyMap<string, Value>;
  readonly product: ReadonlyMap<string, Value>;
  readonly size: Value;
}

function record(program: Program, trained: Trained, options: HessianOptions): Made {
  const params = program.borrow(trained.params);
  const grads = program.borrow(trained.grads);
  const walks = new Spans(program).trained(trained);
  const mirror = (name: string) => mirrorOf(program, walks, name);
  const [direction, kept, product] = [mirror("direction"), mirror("kept"), mirror("product")];
  const scratch = program.arena("state", "difference");
  const partial = program.pinned(scratch, [walks.owners.length, 2], "f32", "partial norms");
  const size = program.pinned(scratch, [2], "f32", "difference step");

  const each = (
    entry: "shift" | "difference" | "squares",
    arenas: { a: Arena; b?: Arena; y?: Arena },
    others: { read?: Record<string, Value>; update?: Record<string, Value>; sign?: number } = {},
  ): void => {
    for (const walk of walks.walks) {
      program.dispatch({
        kernel: perturbKernel,
        entry,
        label: `${entry} ${arenas.y?.name ?? arenas.a.name}`,
        read: {
          ...others.read,
          spans: walk.table,
          a: windowOf(program, arenas.a, walk),
          ...(arenas.b && { b: windowOf(program, arenas.b, walk) }),
        },
        update: { ...others.update, ...(arenas.y && { y: windowOf(program, arenas.y, walk) }) },
        uniform: { sign: others.sign ?? 1, first: walk.first },
        workgroups: entry === "squares" ? walk.perSpan : walk.perElement,
        flops: (entry === "squares" ? 4 : 2) * walk.elements,
      });
    }
  };
  const copy = (a: Arena, y: Arena): void => copyArena(program, walks, a, y);
  const parts: Record<Part, () => void> = {
    aim: () => copy(grads, direction.arena),
    begin: () => {
      copy(params, kept.arena);
      each("squares", { a: params, b: direction.arena }, { update: { partial } });
      program.dispatch({
        kernel: radiusKernel,
        label: "difference step",
        read: { partial },
        update: { size },
        uniform: {
          count: walks.owners.length,
          radius: options.radius ?? RADIUS,
          relative: options.relative === false ? 0 : 1,
        },
        workgroups: [1],
      });
    },
    plus: () => each("shift", { a: kept.arena, b: direction.arena, y: params }, { read: { size } }),
    between: () => copy(grads, product.arena),
    minus: () =>
      each("shift", { a: kept.arena, b: direction.arena, y: params }, { read: { size }, sign: -1 }),
    end: () => each("difference", { a: grads, y: product.arena }, { read: { size } }),
    restore: () => copy(kept.arena, params),
  };
  for (const part of PARTS) program.effect(part, parts[part]);
  return { direction: direction.byName, product: product.byName, size };
}
