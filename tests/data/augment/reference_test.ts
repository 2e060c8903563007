import assert from "node:assert/strict";
import { drawView, type ViewParameters } from "../../../src/data/augment/draw.ts";
import type { Recipe } from "../../../src/data/augment/recipe_schema.ts";
import { IMAGENET, recipeViews } from "../../../src/data/augment/recipes.ts";
import { referenceView, sampleCrop } from "../../../src/data/augment/reference.ts";
import { drawShape } from "../../../src/data/shapes/generate.ts";
import fixture from "../../fixtures/data/augment.json" with { type: "json" };
import pillow from "../../fixtures/data/augment_pil.json" with { type: "json" };

const recipe: Recipe = { name: "fixture", normalise: IMAGENET };
const image = { data: Uint8Array.from(fixture.image), offset: 0, size: 10 };

for (const { name, size, stride, options, parameters, view } of fixture.cases) {
  Deno.test(`referenceView agrees with PyTorch and colorsys: ${name}`, () => {
    const ours = referenceView(
      image,
      { ...recipe, ...options as Partial<Recipe> },
      parameters as ViewParameters,
      size,
    );
    view.forEach((value, i) => {
      const mine = ours[i * stride]!;
      // The fixture keeps 13 digits; both sides are f64 sums of at most 50 terms of size 1 to 5.
      assert.ok(Math.abs(mine - value) <= 1e-11, `value ${i}: ${mine} against ${value}`);
    });
  });
}

/** Largest and mean distance of a view to Pillow's, in levels of 255. */
function fromPillow(
  { parameters, size, view }: typeof pillow.cases[number],
  options: Partial<Recipe>,
): { largest: number; mean: number } {
  const source = { data: Uint8Array.from(pillow.image), offset: 0, size: pillow.size };
  const plain: Recipe = { name: "levels", normalise: { mean: [0, 0, 0], std: [1, 1, 1] }, ...options };
  const ours = referenceView(source, plain, parameters as ViewParameters, size);
  const distances = view.map((level, i) => Math.abs(255 * ours[i]! - level));
  return { largest: Math.max(...distances), mean: distances.reduce((a, b) => a + b, 0) / distances.length };
}

const boxes = { p: 1, sigma: [0.1, 2], kernel: "extended-box" } as const;

for (const found of pillow.cases) {
  Deno.test(`referenceView differs from Pillow by the rounding to levels: ${found.name}`, () => {
    const { blur, jitter } = found.parameters;
    const options = { resample: found.resample as NonNullable<Recipe["resample"]>, blur: boxes };
    const { largest, mean } = fromPillow(found, options);
    // Half a level for either direction of the resize, and for each of the six box blurs. The jitter rounds the hue to
    // 256 steps, each of which is up to 6 levels of a channel, and cuts fractions off at every operation.
    const allowed = 1.05 + (blur ? 3 : 0) + (jitter ? 12 : 0);
    assert.ok(largest <= allowed, `largest ${largest}, allowed ${allowed}`);
    assert.ok(mean <= (jitter ? 2 : 1), `mean ${mean}`);
  });
}

Deno.test("referenceView without the options is further from Pillow where they matter", () => {
  const named = (name: string) => pillow.cases.find((c) => c.name === name)!;
  assert.ok(fromPillow(named("bicubic, shrunk"), {}).largest > 30); // aliasing at the edges
  const resample = "antialiased-bicubic" as const;
  assert.ok(fromPillow(named("blur 2"), { resample }).mean > 10); // a kernel of 3 pixels cannot blur by 2
});

Deno.test("referenceView of the eval recipe is the normalised image", () => {
  const [plain] = recipeViews("eval", 1);
  const view = referenceView(
    image,
    plain!,
    drawView(plain!, { seed: 1, epoch: 0, sample: 0, view: 0 }, 10, 10),
    10,
  );
  view.forEach((v, i) => {
    const c = i % 3 as 0 | 1 | 2;
    assert.ok(Math.abs(v - (image.data[i]! / 255 - IMAGENET.mean[c]) / IMAGENET.std[c]) < 1e-12);
  });
});

Deno.test("referenceView of one sample needs neither the batch nor its order", () => {
  const size = 16, [simclr] = recipeViews("simclr", 1);
  const batch = new Uint8Array(4 * size * size * 3);
  for (let i = 0; i < 4; i++) drawShape("train", i, size, batch, i * size * size * 3);
  const make = (data: Uint8Array, offset: number, sample: number): Float64Array => {
    const parameters = drawView(simclr!, { seed: 9, epoch: 3, sample, view: 1 }, size, size);
    return referenceView({ data, offset, size }, simclr!, parameters, size);
  };
  const inBatch = [3, 1, 0, 2].map((i) => [i, make(batch, i * size * size * 3, i)] as const);
  for (const [i, view] of inBatch) {
    const alone = new Uint8Array(size * size * 3);
    drawShape("train", i, size, alone);
    assert.deepEqual(make(alone, 0, i), view);
  }
});

Deno.test("sampleCrop never reads outside the crop", () => {
  const data = new Uint8Array(10 * 10 * 3);
  for (let y = 3; y < 6; y++) data.fill(255, 3 * (y * 10 + 2), 3 * (y * 10 + 5)); // white crop in a black image
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      const crop = { top: 3, left: 2, height: 3, width: 3 };
      assert.deepEqual(sampleCrop({ data, offset: 0, size: 10 }, crop, 8, y, x), [1, 1, 1]);
    }
  }
});
