/**
 * The ten silhouettes of the `shapes` dataset. Each is a predicate on the plane, drawn upright in about the unit
 * disc with y pointing down, and no two are rotations of each other, so a class is recognisable by outline alone.
 *
 * Only +, -, *, / and comparisons are used: IEEE 754 rounds those alike everywhere, so pixels, and therefore
 * their hash, do not depend on the machine.
 */

/** True where the point (x, y) belongs to the silhouette. */
export type Silhouette = (x: number, y: number) => boolean;

/** Corners of the five-pointed star, outer radius 1, inner radius 0.4, from the top clockwise. */
const STAR: readonly (readonly [number, number])[] = [
  [0, -1],
  [0.235114, -0.323607],
  [0.951057, -0.309017],
  [0.380423, 0.123607],
  [0.587785, 0.809017],
  [0, 0.4],
  [-0.587785, 0.809017],
  [-0.380423, 0.123607],
  [-0.951057, -0.309017],
  [-0.235114, -0.323607],
];

/** Even-odd rule: a ray to the right of the point crosses the outline an odd number of times. */
function insidePolygon(corners: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = corners.length - 1; i < corners.length; j = i++) {
    const c = corners[i]!, p = corners[j]!; // indexed: destructuring is several times slower in this inner loop
    const cx = c[0], cy = c[1], px = p[0], py = p[1];
    if ((cy > y) !== (py > y) && x < (px - cx) * (y - cy) / (py - cy) + cx) inside = !inside;
  }
  return inside;
}

const disc = (x: number, y: number, radius: number): boolean => x * x + y * y <= radius * radius;

/** Class name to silhouette; the order of the keys is the order of the labels. */
export const SILHOUETTES = {
  arrow: (x, y) => insideArrow(x, y),
  crescent: (x, y) => disc(x, y, 0.95) && !disc(x - 0.42, y, 0.72),
  cross: (x, y) =>
    (Math.abs(x) <= 0.28 && Math.abs(y) <= 0.95) || (Math.abs(y) <= 0.28 && Math.abs(x) <= 0.95),
  disc: (x, y) => disc(x, y, 0.85),
  heart: (x, y) => {
    const u = 1.15 * x, v = -1.15 * y + 0.1; // the curve (u^2 + v^2 - 1)^3 = u^2 v^3 has its lobes at positive v
    const r = u * u + v * v - 1;
    return r * r * r - u * u * v * v * v <= 0;
  },
  hourglass: (x, y) => Math.abs(y) <= 0.9 && Math.abs(x) <= 0.08 + 0.8 * Math.abs(y),
  ring: (x, y) => disc(x, y, 0.92) && !disc(x, y, 0.5),
  square: (x, y) => Math.abs(x) <= 0.72 && Math.abs(y) <= 0.72,
  star: (x, y) => insidePolygon(STAR, x, y),
  triangle: (x, y) => y <= 0.6 && Math.abs(x) * 1.732051 <= y + 1,
} as const satisfies Record<string, Silhouette>;

/** A triangular head on a narrow shaft, pointing up. */
function insideArrow(x: number, y: number): boolean {
  const head = y >= -1 && y <= -0.1 && Math.abs(x) <= (y + 1) * 0.85;
  const shaft = y > -0.1 && y <= 0.95 && Math.abs(x) <= 0.2;
  return head || shaft;
}

/** Names of the ten classes in label order. */
export const SHAPE_CLASSES: readonly string[] = Object.keys(SILHOUETTES);
