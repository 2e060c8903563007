import assert from "node:assert/strict";
import { decode } from "fast-png";
import { IMAGENET, recipeViews } from "../../src/data/augment/recipes.ts";
import { load } from "../../src/data/load.ts";
import { contactSheet, denormalise, spread } from "../../src/data/sheet.ts";

const data = await load("shapes", { split: "train", size: 16, perClass: 2 });

/** Pixel (x, y) of tile (row, column) in a sheet of `zoom`. */
function pixel(png: Uint8Array, row: number, column: number, x: number, y: number, zoom: number): number[] {
  const image = decode(png), cell = 16 * zoom + 2;
  const at = 3 * ((2 + row * cell + y * zoom) * image.width + 2 + column * cell + x * zoom);
  return [...image.data.subarray(at, at + 3)];
}

Deno.test("contactSheet without views lays the images out row by row", () => {
  const png = contactSheet(data, { rows: [3, 4, 5], views: [], seed: 0, epoch: 0, zoom: 2, columns: 2 });
  const { width, height } = decode(png);
  assert.deepEqual([width, height], [2 * 34 + 2, 2 * 34 + 2]);
  [3, 4, 5].forEach((position, t) => {
    const at = 3 * ((position * 16 + 7) * 16 + 5);
    assert.deepEqual(pixel(png, t >> 1, t & 1, 5, 7, 2), [...data.images.subarray(at, at + 3)]);
  });
});

Deno.test("contactSheet shows the image and its views; the eval view is the image again", () => {
  const views = [...recipeViews("eval", 1), ...recipeViews("simclr", 1)];
  const png = contactSheet(data, { rows: [1], views, seed: 3, epoch: 0, zoom: 1 });
  for (let y = 0; y < 16; y++) {
    for (let x = 0; x < 16; x++) assert.deepEqual(pixel(png, 0, 1, x, y, 1), pixel(png, 0, 0, x, y, 1));
  }
  const other = contactSheet(data, { rows: [1], views, seed: 4, epoch: 0, zoom: 1 });
  assert.notDeepEqual(other, png);
  assert.deepEqual(contactSheet(data, { rows: [1], views, seed: 3, epoch: 0, zoom: 1 }), png);
});

Deno.test("denormalise inverts normalisation and clamps", () => {
  const value = (v: number, c: 0 | 1 | 2): number => (v / 255 - IMAGENET.mean[c]) / IMAGENET.std[c];
  const view = Float64Array.of(value(0, 0), value(128, 1), value(255, 2), value(-9, 0), value(300, 1), 0);
  assert.deepEqual([...denormalise(view, IMAGENET)], [0, 128, 255, 0, 255, 104]); // 0.406 x 255 is 103.5
});

Deno.test("spread goes through the classes in turn", () => {
  assert.deepEqual(spread(data, 12).map((i) => data.labels[i]), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
  assert.equal(spread(data, 100).length, 20);
});
