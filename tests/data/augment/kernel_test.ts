import assert from "node:assert/strict";
import { drawView, VIEW_WORDS } from "../../../src/data/augment/draw.ts";
import { recordView, sourceWords, viewWords } from "../../../src/data/augment/kernel.ts";
import type { Recipe } from "../../../src/data/augment/recipe_schema.ts";
import { recipeViews } from "../../../src/data/augment/recipes.ts";
import { referenceView } from "../../../src/data/augment/reference.ts";
import { plan } from "../../../src/gpu/planner.ts";
import { Program } from "../../../src/gpu/program.ts";
import { PhiloxStream } from "../../../src/base/random.ts";
import { Session } from "../../../src/gpu/session.ts";
import { testDevice } from "../../nn/check_op.ts";

/** Smooth random images: the hue of noise is discontinuous, of photographs it is not. */
function images(batch: number, size: number): Uint8Array<ArrayBuffer> {
  const stream = new PhiloxStream([5, 1]);
  const data = new Uint8Array(sourceWords(batch, size) * 4);
  for (let n = 0; n < batch; n++) {
    const wave = Array.from({ length: 9 }, () => stream.uniform());
    for (let i = 0; i < size * size; i++) {
      for (let c = 0; c < 3; c++) {
        const [y, x] = [Math.floor(i / size) / size, (i % size) / size];
        const v = 0.5 + 0.45 * Math.sin(6 * (wave[c]! * y + wave[c + 3]! * x + wave[c + 6]!));
        data[3 * (n * size * size + i) + c] = Math.round(255 * v);
      }
    }
  }
  return data;
}

const IDS = { seed: 11, epoch: 2, view: 1 };

async function views(recipe: Recipe, batch: number, size: number, side: number, samples: readonly number[]) {
  const program = new Program();
  const io = program.arena("io", "inputs");
  const source = program.pinned(io, [sourceWords(batch, size)], "u32", "source");
  const words = program.pinned(io, [batch, VIEW_WORDS], "u32", "words");
  const y = program.output(recordView(program, { source, words }, { batch, size, side }, recipe, "view"));
  const session = await Session.bind(await testDevice(), plan(program));
  try {
    const data = images(batch, size);
    session.write(source, data);
    session.write(words, viewWords(recipe, IDS, samples, size, side));
    session.replay();
    return { got: await session.read(y), data };
  } finally {
    session.close();
  }
}

const named = (name: string): Recipe => recipeViews(name, 2)[0]!;
const diet = named("diet-3");
const random: Recipe = { ...diet, jitter: { ...diet.jitter!, p: 1, order: "random" } };
const wide: Recipe = {
  ...random,
  resample: "antialiased-bicubic",
  blur: { p: 0.7, sigma: [0.1, 2.5], kernel: "extended-box" },
};

for (
  const [what, recipe, size, side] of [
    ["simclr", named("simclr"), 32, 32],
    ["byol", named("byol"), 32, 32],
    ["diet-3", diet, 20, 17],
    ["simclr", named("simclr"), 40, 48],
    ["eval", named("eval"), 9, 9],
    ["randomly ordered", random, 24, 24],
    ["Pillow-like", wide, 32, 32],
    ["Pillow-like, shrunk", wide, 50, 17],
    ["antialiased bilinear", { ...diet, resample: "antialiased-bilinear" }, 40, 16],
    ["bicubic", { ...diet, resample: "bicubic" }, 40, 16],
    ["extended-box", { ...diet, blur: { p: 1, sigma: [0.1, 3], kernel: "extended-box" } }, 16, 5],
    ["whole, shrunk", { ...named("eval"), resample: "antialiased-bicubic" }, 31, 9],
    ["centre", { ...named("eval"), crop: "centre" }, 13, 8],
  ] as const satisfies readonly (readonly [string, Recipe, number, number])[]
) {
  Deno.test(`the ${what} view of ${size} to ${side} equals its f64 reference`, async () => {
    const samples = [0, 7, 123456, 4, 99];
    const { got, data } = await views(recipe, samples.length, size, side, samples);
    samples.forEach((sample, n) => {
      const drawn = drawView(recipe, { ...IDS, sample }, size, side);
      const expected = referenceView({ data, offset: 3 * n * size * size, size }, recipe, drawn, side);
      let far = 0;
      for (let i = 0; i < expected.length; i++) {
        // About 60 roundings from byte to output, scaled by 1 / std < 5; chroma divides by small differences.
        if (Math.abs(got[n * expected.length + i]! - expected[i]!) > 2e-3) far++;
      }
      // Solarize and the hue sectors are discontinuous: a value within rounding of a border may fall on either side.
      assert.ok(
        far <= expected.length / 500,
        `${far} of ${expected.length} values of sample ${sample} differ`,
      );
    });
  });
}

Deno.test("a centre crop larger than the stored images is refused when the view is recorded", async () => {
  await assert.rejects(
    views({ ...named("eval"), crop: "centre" }, 1, 8, 9, [0]),
    /centre of images of 8 x 8.*found a view of 9 x 9/,
  );
});

Deno.test("a sample's view can be made again alone: neither batch nor place changes a bit", async () => {
  const all = await views(wide, 4, 32, 32, [3, 1, 4, 1]);
  const n = 32 * 32 * 3;
  assert.deepEqual(all.got.slice(0, n).length, n);
  const again = await views(wide, 4, 32, 32, [3, 9, 9, 9]);
  assert.deepEqual(again.got.slice(0, n), all.got.slice(0, n));
});
