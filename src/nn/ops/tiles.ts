/** How register tiles share a workgroup. */

/** Threads of a full workgroup: as many as the narrowest common subgroup of a discrete adapter. */
export const THREADS = 32;

/**
 * Workgroups for a grid of tiles. With lanes, the tiles of a workgroup lie below one another and read the same
 * columns; fewer share one where too many would hang over the last row. Without, each thread has its own.
 */
export function workgroupsOf(
  lanes: number,
  rowTiles: number,
  columnTiles: number,
): { readonly threads: number; readonly groups: number } {
  if (lanes === 0) return { threads: THREADS, groups: Math.ceil(rowTiles * columnTiles / THREADS) };
  let stacked = THREADS / lanes;
  while (stacked > 1 && Math.ceil(rowTiles / stacked) * stacked > 1.15 * rowTiles) stacked /= 2;
  return { threads: stacked * lanes, groups: Math.ceil(rowTiles / stacked) * columnTiles };
}
