import assert from "node:assert/strict";
import fc from "fast-check";
import {
  between,
  centreCrop,
  chance,
  drawBatch,
  drawOrder,
  drawView,
  operationsOf,
  packView,
  RATIOS,
  ratioTable,
  roundedRoot,
  scaled,
  VIEW_WORDS,
} from "../../../src/data/augment/draw.ts";
import type { Recipe } from "../../../src/data/augment/recipe_schema.ts";
import { recipeViews } from "../../../src/data/augment/recipes.ts";

const [simclr] = recipeViews("simclr", 1);
const [diet] = recipeViews("diet-3", 1);
const word = fc.nat(0xffffffff);

Deno.test("drawView gives these decisions for ever: a change here breaks every recorded run", () => {
  const view = drawView(diet!, { seed: 7, epoch: 2, sample: 40001, view: 1 }, 32, 32);
  const packed = new Int32Array(VIEW_WORDS);
  packView(view, packed);
  assert.deepEqual([...packed], [0, 1, 19, 15, 5, 61901, 89805, 57971, -224, 51991, 0, 0, 0, 0, 0, 0]);
});

Deno.test("drawView depends on every part of the identity", () => {
  const id = { seed: 1, epoch: 2, sample: 3, view: 0 };
  const packed = (other: Partial<typeof id>): string => {
    const words = new Int32Array(VIEW_WORDS);
    packView(drawView(simclr!, { ...id, ...other }, 96, 96), words);
    return words.join();
  };
  const all = [{}, { seed: 2 }, { epoch: 3 }, { sample: 4 }, { view: 1 }].map(packed);
  assert.equal(new Set(all).size, all.length);
  assert.equal(packed({}), all[0]);
});

Deno.test("drawView: leaving a stage out moves no other stage's numbers", () => {
  const { crop: _crop, blur: _blur, erase: _erase, ...rest } = diet!;
  for (let sample = 0; sample < 50; sample++) {
    const id = { seed: 1, epoch: 0, sample, view: 0 };
    const full = drawView(diet!, id, 32, 32), less = drawView(rest as Recipe, id, 32, 32);
    for (
      const key of ["flip", "jitter", "brightness", "contrast", "saturation", "hue", "grayscale"] as const
    ) {
      assert.equal(less[key], full[key]);
    }
    assert.deepEqual(less.crop, { top: 0, left: 0, height: 32, width: 32 });
    assert.equal(less.blur, false);
    assert.equal(less.erase.height, 0);
  }
});

Deno.test("drawView: rates and means over 20000 samples are the recipe's", () => {
  const n = 20000, size = 224;
  let flips = 0,
    jitters = 0,
    greys = 0,
    blurs = 0,
    erased = 0,
    area = 0,
    logRatio = 0,
    brightness = 0,
    hue = 0,
    left = 0;
  for (let sample = 0; sample < n; sample++) {
    const v = drawView(diet!, { seed: 5, epoch: 1, sample, view: 0 }, size, size);
    const { crop } = v;
    assert.ok(
      crop.top >= 0 && crop.left >= 0 && crop.top + crop.height <= size && crop.left + crop.width <= size,
    );
    flips += +v.flip;
    jitters += +v.jitter;
    greys += +v.grayscale;
    blurs += +v.blur;
    erased += +(v.erase.height > 0);
    area += crop.height * crop.width / size ** 2;
    logRatio += Math.log(crop.width / crop.height);
    brightness += v.brightness / 65536;
    hue += v.hue / 65536;
    left += crop.width < size ? crop.left / (size - crop.width) : 0.5;
  }
  // Five standard errors of a rate p are 5 sqrt(p (1 - p) / n), at most 0.018; the same for the means below.
  const near = (value: number, expected: number, deviation: number): void =>
    assert.ok(
      Math.abs(value / n - expected) <= 5 * deviation / Math.sqrt(n),
      `${value / n} against ${expected}`,
    );
  const rate = (p: number): number => Math.sqrt(p * (1 - p));
  near(flips, 0.5, rate(0.5));
  near(jitters, 0.3, rate(0.3));
  near(greys, 0.2, rate(0.2));
  near(blurs, 0.2, rate(0.2));
  near(erased, 0.25, rate(0.25));
  near(logRatio, 0, 0.17); // uniform over +-0.288, a little less after rejection
  near(brightness, 1, 0.231); // uniform over 0.6..1.4
  near(hue, 0, 0.115); // uniform over +-0.2
  near(left, 0.5, 0.29);
  // Area s and ratio e^l are kept when s <= e^-|l|: with L = log(4/3) the mean is
  // ((1 - e^-2L) / 2 - 0.0064 L) / 2 / (1 - e^-L - 0.08 L) = 0.4778.
  near(area, 0.4778, 0.27);
});

Deno.test("scaled covers 0..n-1 and is the high word of the product", () => {
  fc.assert(fc.property(word, fc.integer({ min: 1, max: 2 ** 21 - 1 }), (u, n) => {
    assert.equal(scaled(u, n), Number((BigInt(u) * BigInt(n)) >> 32n));
  }));
  assert.equal(scaled(0xffffffff, 10), 9);
});

Deno.test("chance is certain at 1, impossible at 0", () => {
  fc.assert(fc.property(word, (u) => chance(u, 1) && !chance(u, 0)));
});

Deno.test("between reaches both ends", () => {
  assert.equal(between(0, -0.2, 0.2), -13107);
  assert.equal(between(0xffffffff, -0.2, 0.2), 13107);
});

Deno.test("roundedRoot is the nearest integer to the root", () => {
  for (let x = 0; x < 70000; x++) {
    const r = roundedRoot(x);
    assert.ok((2 * r - 1) ** 2 <= 4 * x || r === 0, `${x}`);
    assert.ok(4 * x < (2 * r + 1) ** 2, `${x}`);
  }
});

Deno.test("ratioTable holds ratios and their inverses at the middle of equal logarithmic steps", () => {
  const { wide, tall } = ratioTable([3 / 4, 4 / 3]);
  assert.equal(wide.length, RATIOS);
  for (let i = 0; i < RATIOS; i++) {
    assert.equal(wide[i], tall[RATIOS - 1 - i]); // symmetric because 3/4 and 4/3 are inverses
    assert.ok(Math.abs(wide[i]! * tall[i]! / 2 ** 32 - 1) < 2e-5); // both rounded to 2^-16
  }
});

Deno.test("drawView erases less than the whole view and keeps inside it", () => {
  const always: Recipe = { ...diet!, erase: { ...diet!.erase!, p: 1 } };
  for (let sample = 0; sample < 2000; sample++) {
    const { erase } = drawView(always, { seed: 3, epoch: 0, sample, view: 0 }, 32, 32);
    assert.ok(erase.height >= 1 && erase.height < 32 && erase.width >= 1 && erase.width < 32);
    assert.ok(erase.top + erase.height <= 32 && erase.left + erase.width <= 32);
  }
});

Deno.test("drawBatch gives each sample the view it has alone, in any order", () => {
  const id = { seed: 4, epoch: 6, view: 1 };
  const samples = [9, 0, 50000, 9];
  const batch = drawBatch(simclr!, id, samples, 32, 32);
  samples.forEach((sample, i) => {
    const alone = new Int32Array(VIEW_WORDS);
    packView(drawView(simclr!, { ...id, sample }, 32, 32), alone);
    assert.deepEqual(batch.subarray(i * VIEW_WORDS, (i + 1) * VIEW_WORDS), alone);
  });
});

const shuffled: Recipe = { ...diet!, jitter: { ...diet!.jitter!, order: "random" } };

Deno.test("drawView: a random order moves no other number, and is this one for ever", () => {
  const packed = (recipe: Recipe): number[] => {
    const words = new Int32Array(VIEW_WORDS);
    packView(drawView(recipe, { seed: 7, epoch: 2, sample: 40001, view: 1 }, 32, 32), words);
    return [...words];
  };
  const fixed = packed(diet!), random = packed(shuffled);
  assert.deepEqual(random.toSpliced(14, 1), fixed.toSpliced(14, 1));
  assert.equal(fixed[14], 0);
  assert.deepEqual(operationsOf(random[14]!), ["brightness", "contrast", "hue", "saturation"]);
});

Deno.test("drawView: all 24 orders of the jitter are as frequent as one another", () => {
  const n = 24000, counts = new Map<string, number>();
  for (let sample = 0; sample < n; sample++) {
    const { order } = drawView(shuffled, { seed: 5, epoch: 1, sample, view: 0 }, 32, 32);
    const name = operationsOf(order).join();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  assert.equal(counts.size, 24);
  // Chi-square of 23 degrees of freedom: above 60 in 4 of 100000 seeds.
  const chi = [...counts.values()].reduce((sum, c) => sum + (c - n / 24) ** 2 / (n / 24), 0);
  assert.ok(chi < 60, `${chi}`);
});

Deno.test("drawOrder reaches the first and the last order, and none is the 0 of the fixed one", () => {
  assert.deepEqual(operationsOf(drawOrder(0)), ["brightness", "contrast", "saturation", "hue"]);
  assert.deepEqual(operationsOf(drawOrder(0xffffffff)), ["hue", "saturation", "contrast", "brightness"]);
  fc.assert(fc.property(word, (u) => {
    const order = drawOrder(u);
    return order !== 0 && new Set(operationsOf(order)).size === 4;
  }));
  assert.deepEqual(operationsOf(0), operationsOf(drawOrder(0)));
});

Deno.test("drawView takes the middle for a centre crop and refuses one that does not fit", () => {
  const centre: Recipe = { name: "centre", crop: "centre", normalise: "imagenet" };
  const id = { seed: 1, epoch: 0, sample: 5, view: 0 };
  assert.deepEqual(drawView(centre, id, 256, 224).crop, { top: 16, left: 16, height: 224, width: 224 });
  assert.deepEqual(centreCrop(9, 4), { top: 2, left: 2, height: 4, width: 4 });
  assert.throws(() => drawView(centre, id, 31, 32), /at least as large as the view, found a view of 32 x 32/);
});
