import assert from "node:assert/strict";
import { drawView } from "../../../src/data/augment/draw.ts";
import { recordView, sourceWords, viewWords } from "../../../src/data/augment/kernel.ts";
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

async function views(
  recipeName: string,
  batch: number,
  size: number,
  side: number,
  samples: readonly number[],
) {
  const [recipe] = recipeViews(recipeName, 2);
  const program = new Program();
  const io = program.arena("io", "inputs");
  const source = program.pinned(io, [sourceWords(batch, size)], "u32", "source");
  const words = program.pinned(io, [batch, 16], "u32", "words");
  const y = program.output(recordView(program, { source, words }, { batch, size, side }, recipe!, "view"));
  const session = await Session.bind(await testDevice(), plan(program));
  try {
    const data = images(batch, size);
    session.write(source, data);
    session.write(words, viewWords(recipe!, { seed: 11, epoch: 2, view: 1 }, samples, size, side));
    session.replay();
    return { got: await session.read(y), data, recipe: recipe! };
  } finally {
    session.close();
  }
}

for (
  const [name, size, side] of [["simclr", 32, 32], ["byol", 32, 32], ["diet-3", 20, 17], ["simclr", 40, 48], [
    "eval",
    9,
    9,
  ]] as const
) {
  Deno.test(`the ${name} view of ${size} to ${side} equals its f64 reference`, async () => {
    const samples = [0, 7, 123456, 4, 99];
    const { got, data, recipe } = await views(name, samples.length, size, side, samples);
    samples.forEach((sample, n) => {
      const drawn = drawView(recipe, { seed: 11, epoch: 2, sample, view: 1 }, size, side);
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

Deno.test("a sample's view can be made again alone: neither batch nor place changes a bit", async () => {
  const all = await views("simclr", 4, 32, 32, [3, 1, 4, 1]);
  const n = 32 * 32 * 3;
  assert.deepEqual(all.got.slice(0, n).length, n);
  const again = await views("simclr", 4, 32, 32, [3, 9, 9, 9]);
  assert.deepEqual(again.got.slice(0, n), all.got.slice(0, n));
});
