/**
 * `shapes`: a procedural dataset of ten silhouettes with random pose, colour, texture, background, clutter and
 * noise. Sample i of a split depends on (split, i, size) alone: any sample can be made by itself, in any order, on
 * any machine, and needs no download.
 *
 * Key = (split, PURPOSE.shapes); counter = (0, sample, 0 scene | 1 noise, draw).
 */
import { philox4x32, PhiloxStream, PURPOSE, type Words2 } from "../../base/random.ts";
import { drawScene, type Scene, textureWave } from "./scene.ts";
import { SHAPE_CLASSES, type Silhouette, SILHOUETTES } from "./silhouettes.ts";

/** Name of this generator; it changes whenever any pixel does, and it is what the archive hash covers. */
export const SHAPES_GENERATOR = "shapes-1";

/** First key word of each split. Never renumber: the pixels depend on it. */
const SPLIT_KEY = { train: 1, test: 2 } as const;

/** Splits of the dataset. */
export type ShapesSplit = keyof typeof SPLIT_KEY;

/** Coverage is measured on this many points per pixel and axis. */
const SUPERSAMPLE = 4;

const silhouettes: readonly Silhouette[] = Object.values(SILHOUETTES);

/** Class of sample i: classes take turns, so every prefix of the dataset is balanced to within one image. */
export function shapeLabel(index: number): number {
  return index % SHAPE_CLASSES.length;
}

/** Silhouettes lie within this many radii of their centre: 1.2 upright, times the largest stretch, rounded up. */
const REACH = 1.6;

/** True where the point is inside one of the scene's clutter discs, each grown by `margin`. */
function inClutter({ clutter }: Scene, x: number, y: number, margin: number): boolean {
  for (let i = 0; i < clutter.length; i++) {
    const c = clutter[i]!, reach = c.radius + margin;
    if ((x - c.x) * (x - c.x) + (y - c.y) * (y - c.y) <= reach * reach) return true;
  }
  return false;
}

/** Share of the pixel at (px, py) that the silhouette or the clutter covers, in 0..1. */
function coverage(scene: Scene, silhouette: Silhouette, px: number, py: number, size: number): number {
  const { centreX, centreY, radius, cos, sin, stretch } = scene;
  const midX = (px + 0.5) / size, midY = (py + 0.5) / size, reach = REACH * radius + 1 / size;
  // Most pixels are far from everything; the margin of a pixel is more than half its diagonal.
  const farX = midX - centreX, farY = midY - centreY;
  const shape = farX * farX + farY * farY <= reach * reach, clutter = inClutter(scene, midX, midY, 1 / size);
  if (!shape && !clutter) return 0;
  let hits = 0;
  for (let sy = 0; sy < SUPERSAMPLE; sy++) {
    const y = (py + (sy + 0.5) / SUPERSAMPLE) / size, dy = (y - centreY) / radius;
    for (let sx = 0; sx < SUPERSAMPLE; sx++) {
      const x = (px + (sx + 0.5) / SUPERSAMPLE) / size, dx = (x - centreX) / radius;
      const u = (cos * dx + sin * dy) * stretch, v = (cos * dy - sin * dx) / stretch;
      if ((shape && silhouette(u, v)) || (clutter && inClutter(scene, x, y, 0))) hits++;
    }
  }
  return hits / (SUPERSAMPLE * SUPERSAMPLE);
}

/** Noise of about unit variance from one Philox word: the sum of its four bytes, centred (Irwin-Hall). */
function byteNoise(word: number): number {
  const sum = (word & 255) + (word >>> 8 & 255) + (word >>> 16 & 255) + (word >>> 24);
  return (sum - 510) / 147.8; // four bytes of standard deviation 73.9 each
}

/**
 * Writes sample `index` of `split` into `out` as RGB u8, (size, size, 3), starting at `offset`.
 * Source of the random numbers: the key and counter in this file's header.
 */
export function drawShape(
  split: ShapesSplit,
  index: number,
  size: number,
  out: Uint8Array | Uint8ClampedArray,
  offset = 0,
): void {
  const key: Words2 = [SPLIT_KEY[split], PURPOSE.shapes];
  const scene = drawScene(new PhiloxStream(key, [0, index, 0]));
  const silhouette = silhouettes[shapeLabel(index)]!;
  const { foreground, background, noise } = scene;
  for (let py = 0; py < size; py++) {
    for (let px = 0; px < size; px++) {
      const pixel = py * size + px;
      const x = (px + 0.5) / size, y = (py + 0.5) / size;
      const cover = coverage(scene, silhouette, px, py, size);
      const front = textureWave(foreground, x, y), back = textureWave(background, x, y);
      const grain = philox4x32([0, index, 1, pixel], key);
      for (let c = 0; c < 3; c++) {
        const inner = foreground.colour[c]! + front * foreground.swing[c]!;
        const outer = background.colour[c]! + back * background.swing[c]!;
        const value = outer + (inner - outer) * cover + noise * byteNoise(grain[c]!);
        out[offset + 3 * pixel + c] = Math.max(0, Math.min(255, Math.floor(255 * value + 0.5)));
      }
    }
  }
}
