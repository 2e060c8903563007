/** How the batch-norm kernels share a [rows, C] tensor among threads. A function of the shape alone. */
import type { DispatchSpec } from "../../gpu/program.ts";
import type { Trace } from "../trace.ts";

/** Threads of a workgroup. */
const THREADS = 64;
/** Rows a thread handles per turn; BATCH in the kernels. */
const BATCH = 8;
const MAX_WORKGROUPS = 65535;

export interface RowLayout {
  readonly rows: number;
  readonly channels: number;
  /** Vectors of channels in a row: of four where C is a multiple of four, else of one. */
  readonly vectors: number;
  /** Vectors of channels a workgroup is wide, and how many workgroups cover a row. */
  readonly lanes: number;
  readonly blocks: number;
  /** Rows a workgroup is deep, a power of two. */
  readonly deep: number;
  /** Header values of the kernels: the vector type. */
  readonly header: { readonly V: string };
}

export function layoutOf(rows: number, channels: number): RowLayout {
  const vec = channels % 4 === 0;
  const vectors = vec ? channels / 4 : channels;
  // 256 or 128 contiguous bytes a row: whole cache lines, with rows left to share within the workgroup.
  const blocks = Math.ceil(vectors / (vec ? 16 : 32));
  const lanes = Math.ceil(vectors / blocks);
  const deep = 2 ** Math.floor(Math.log2(THREADS / lanes));
  return { rows, channels, vectors, lanes, blocks, deep, header: { V: vec ? "vec4f" : "f32" } };
}

/** Splits the rows into spans of whole chunks, at most `workgroups` of them over all blocks. */
export function spansOf(
  { rows, blocks }: RowLayout,
  chunk: number,
  workgroups: number,
): { span: number; splits: number } {
  const chunks = Math.ceil(rows / chunk);
  const most = Math.max(1, Math.min(MAX_WORKGROUPS, Math.floor(workgroups / blocks)));
  const span = Math.ceil(chunks / Math.min(chunks, most)) * chunk;
  return { span, splits: Math.ceil(rows / span) };
}

/** Records a dispatch over all elements of a [rows, C] tensor; the uniform's layout fields are filled in. */
export function dispatchOver(t: Trace, layout: RowLayout, spec: Omit<DispatchSpec, "workgroups">): void {
  const { rows, vectors, lanes, deep } = layout;
  const { span, splits } = spansOf(layout, deep * BATCH, MAX_WORKGROUPS * layout.blocks);
  t.program.dispatch({
    ...spec,
    uniform: { ...spec.uniform, rows, vectors, lanes, deep, span },
    header: { ...spec.header, ...layout.header },
    workgroups: [layout.blocks, splits],
  });
}
