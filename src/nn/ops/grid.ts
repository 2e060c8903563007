/** Workgroup counts past WebGPU's limit of 65535 in one dimension: wrapped into y, the kernel skips what is too much. */
const MOST = 65535;

/** Counts [x, y] with x * y at least `groups`; the kernel numbers a workgroup `y * num_workgroups.x + x`. */
export function grid(groups: number): [number, number] {
  const rows = Math.ceil(groups / MOST);
  return [Math.ceil(groups / rows), rows];
}

/** The same for a kernel that finds its place as `y * width + x`, `width` given to it. */
export function wrap(groups: number): { readonly width: number; readonly workgroups: [number, number] } {
  const width = Math.min(groups, MOST);
  return { width, workgroups: [width, Math.ceil(groups / width)] };
}
