/**
 * Spans: the tensors of an arena cut into pieces of at most 4096 elements. Effects over whole
 * arenas walk them instead of raw bytes, so that padding between tensors is never read as data nor changed, and a
 * workgroup knows whose elements it holds.
 */
import { AssayError } from "../base/error.ts";
import type { Program } from "../gpu/program.ts";
import type { Arena, Value, Window } from "../gpu/value.ts";

/** Group of parameters that are not trained: last in its arena, skipped by optimizers. */
export const FROZEN = "frozen";

/** Most elements of a span. */
export const SPAN = 4096;
/** Workgroups an elementwise kernel gives a span: 64 threads of 4 elements each; `place_of` in _spans.wgsl. */
const PIECES = 16;
const MAX_WORKGROUPS = 65535;

/** The spans of one bindable window of one group of an arena. */
export interface Walk {
  readonly group: string;
  readonly range: { readonly offset: number; readonly bytes: number };
  /** u32 (spans, 4): tensor, first element in the window, elements, 0. */
  readonly table: Value;
  readonly count: number;
  /** Spans of earlier walks of the arena. */
  readonly first: number;
  readonly elements: number;
  /** Workgroups of a reduction, one a span. */
  readonly perSpan: readonly [number, number];
  /** Workgroups of an elementwise kernel. */
  readonly perElement: readonly [number, number];
}

/** All walks of an arena, and the tensor behind each span. */
export interface Walks {
  readonly arena: Arena;
  readonly walks: readonly Walk[];
  /** Members of the arena that are walked; a span's tensor is an index into them. */
  readonly tensors: readonly Value[];
  /** Tensor index of every span. */
  readonly owners: readonly number[];
}

/** A parameter arena and the gradients of its trained tensors (`pinGradients`). */
export interface Trained {
  readonly params: Arena;
  readonly grads: Arena;
}

/** The walks of a program. Their tables are made once per arena. */
export class Spans {
  readonly #known = new Map<string, Walks>();

  constructor(readonly program: Program) {}

  /** Walks of an arena, except the groups named. Seals the arena. */
  of(arena: Arena, except: readonly string[] = []): Walks {
    const key = JSON.stringify([arena.name, except]);
    let walks = this.#known.get(key);
    if (!walks) this.#known.set(key, walks = cut(this.program, arena, except));
    return walks;
  }

  /** Walks over the trained tensors of a parameter arena; they fit its gradients and its optimizer state. */
  trained({ params, grads }: Trained): Walks {
    const walks = this.of(params, [FROZEN]);
    const same = walks.tensors.length === grads.members.length &&
      grads.members.every((g, i) => grads.offsetOf(g) === params.offsetOf(walks.tensors[i]!));
    if (!same) {
      throw new AssayError(
        `Cannot train arena "${params.name}" with gradients "${grads.name}": they must have one layout; make the gradients with pinGradients.`,
      );
    }
    return walks;
  }
}

function cut(program: Program, arena: Arena, except: readonly string[]): Walks {
  const tensors = arena.members.filter((v) => !except.includes(arena.groupOf(v)));
  const walks: Walk[] = [];
  const owners: number[] = [];
  for (const [group, range] of arena.ranges) {
    if (except.includes(group)) continue;
    for (const { offset, bytes } of program.windows(arena, range)) {
      const rows: number[] = [];
      const first = owners.length;
      let elements = 0;
      tensors.forEach((value, tensor) => {
        const start = (arena.offsetOf(value) - offset) / 4;
        const end = Math.min(start + value.size, bytes / 4);
        for (let at = Math.max(start, 0); at < end; at += SPAN) {
          const count = Math.min(SPAN, end - at);
          rows.push(tensor, at, count, 0);
          owners.push(tensor);
          elements += count;
        }
      });
      const count = rows.length / 4;
      walks.push({
        group,
        range: { offset, bytes },
        table: program.constant(`spans of ${arena.name}[${offset}+${bytes}]`, Uint32Array.from(rows)),
        count,
        first,
        elements,
        perSpan: wrap(count),
        perElement: wrap(PIECES * count),
      });
    }
  }
  return { arena, walks, tensors, owners };
}

/** Workgroup counts that wrap into y. */
function wrap(count: number): [number, number] {
  return [Math.min(count, MAX_WORKGROUPS), Math.ceil(count / MAX_WORKGROUPS)];
}

/** The window of an arena that a walk covers; the arena's layout must be that of the walked one. */
export function windowOf(program: Program, arena: Arena, walk: Walk): Window {
  return program.windows(arena, walk.range)[0]!;
}

/** Name of a tensor without the arena that leads it: a momentum copy and its source share it. */
export function logicalName(label: string): string {
  return label.slice(label.indexOf("/") + 1);
}

/** Throws unless `other` holds tensors of the names and shapes of `arena` at the same offsets, group by group. */
export function requireSameLayout(operation: string, arena: Arena, other: Arena, walks: Walks): void {
  const wrong = (required: string) =>
    new AssayError(
      `Cannot ${operation} "${other.name}" from "${arena.name}": ${required}; create the tensors of both in the same order and groups.`,
    );
  const named = new Map(other.members.map((v) => [logicalName(v.label), v]));
  for (const value of walks.tensors) {
    const name = logicalName(value.label);
    const twin = named.get(name);
    if (!twin) throw wrong(`every tensor must have its counterpart, "${name}" has none`);
    if (String(twin.shape) !== String(value.shape)) {
      throw wrong(
        `shapes must be equal, "${name}" has [${value.shape.join(", ")}] and [${twin.shape.join(", ")}]`,
      );
    }
    if (other.offsetOf(twin) !== arena.offsetOf(value)) {
      throw wrong(
        `layouts must be equal, "${name}" lies at byte ${arena.offsetOf(value)} and ${other.offsetOf(twin)}`,
      );
    }
  }
}
