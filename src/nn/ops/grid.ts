/** Counts of workgroups within WebGPU's limit of each dimension. */

/** WebGPU's default limit on each dimension of a dispatch. */
const MAX = 65535;

/** A line of workgroups wrapped into x and y; a kernel finds its place as `y * width + x`. */
export function wrap(groups: number): { readonly width: number; readonly workgroups: [number, number] } {
  const width = Math.min(groups, MAX);
  return { width, workgroups: [width, Math.ceil(groups / width)] };
}
