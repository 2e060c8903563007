/**
 * A contact sheet: one row per image, the image itself first and its augmented views after it, as PNG. Views come
 * from the f64 reference, so what is seen is what the kernels are tested against.
 */
import { encode } from "fast-png";
import { drawView } from "./augment/draw.ts";
import type { Recipe } from "./augment/recipe_schema.ts";
import { referenceView } from "./augment/reference.ts";
import { statisticsOf } from "./augment/statistics.ts";
import type { Dataset } from "./load.ts";

/** What to draw. */
export interface SheetOptions {
  /** Positions in the dataset, one row each. */
  readonly rows: readonly number[];
  /** Recipe of each view; empty for the images alone. */
  readonly views: readonly Recipe[];
  readonly seed: number;
  readonly epoch: number;
  /** Side of a drawn pixel; small images are enlarged by repetition. */
  readonly zoom: number;
  /** Images beside one another when there are no views. */
  readonly columns?: number;
}

/** A normalised f64 view, (size, size, 3), back to u8; erased pixels become the mean. */
export function denormalise(view: Float64Array, normalise: Recipe["normalise"]): Uint8Array {
  const { mean, std } = statisticsOf(normalise);
  return Uint8Array.from(view, (v, i) => {
    const c = i % 3 as 0 | 1 | 2;
    return Math.max(0, Math.min(255, Math.floor(255 * (v * std[c] + mean[c]) + 0.5)));
  });
}

/** Every tile of the sheet in reading order, each (size, size, 3), and how many stand in a row. */
function tiles(data: Dataset, options: SheetOptions): { list: Uint8Array[]; columns: number } {
  const { size } = data;
  const bytes = size * size * 3;
  const list: Uint8Array[] = [];
  for (const position of options.rows) {
    const image = new Uint8Array(bytes);
    data.pixels.read([position], image);
    list.push(image);
    options.views.forEach((recipe, view) => {
      const id = { seed: options.seed, epoch: options.epoch, sample: position, view };
      const parameters = drawView(recipe, id, size, size);
      const pixels = referenceView({ data: image, offset: 0, size }, recipe, parameters, size);
      list.push(denormalise(pixels, recipe.normalise));
    });
  }
  return { list, columns: options.views.length > 0 ? options.views.length + 1 : options.columns ?? 10 };
}

/** The sheet as the bytes of a PNG file. */
export function contactSheet(data: Dataset, options: SheetOptions): Uint8Array {
  const { list, columns } = tiles(data, options);
  const { size } = data;
  const gap = 2, cell = size * options.zoom + gap;
  const width = columns * cell + gap, height = Math.ceil(list.length / columns) * cell + gap;
  const out = new Uint8Array(width * height * 3).fill(255);
  list.forEach((tile, t) => {
    const top = gap + Math.floor(t / columns) * cell, left = gap + (t % columns) * cell;
    for (let y = 0; y < size * options.zoom; y++) {
      for (let x = 0; x < size * options.zoom; x++) {
        const from = 3 * (Math.floor(y / options.zoom) * size + Math.floor(x / options.zoom));
        out.set(tile.subarray(from, from + 3), 3 * ((top + y) * width + left + x));
      }
    }
  });
  return encode({ width, height, data: out, channels: 3, depth: 8 });
}

/** Positions of images from every class in turn, at most `count`, so that a sheet shows all classes. */
export function spread(data: Dataset, count: number): number[] {
  const byClass = new Map<number, number[]>();
  data.labels.forEach((label, i) => {
    const list = byClass.get(label);
    if (list) list.push(i);
    else byClass.set(label, [i]);
  });
  const lists = [...byClass.entries()].sort((a, b) => a[0] - b[0]).map(([, list]) => list);
  const chosen: number[] = [];
  for (let round = 0; chosen.length < count; round++) {
    const available = lists.filter((list) => round < list.length);
    if (available.length === 0) break;
    for (const list of available) if (chosen.length < count) chosen.push(list[round]!);
  }
  return chosen;
}
