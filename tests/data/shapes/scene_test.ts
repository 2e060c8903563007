import assert from "node:assert/strict";
import { PhiloxStream } from "../../../src/base/random.ts";
import { drawScene, type Rgb, textureWave } from "../../../src/data/shapes/scene.ts";

Deno.test("drawScene keeps the silhouette in the picture, visible and turned by at most 40 degrees", () => {
  for (let sample = 0; sample < 500; sample++) {
    const s = drawScene(new PhiloxStream([1, 4], [0, sample, 0]));
    assert.ok(s.radius >= 0.3 && s.radius <= 0.42);
    assert.ok(Math.abs(s.centreX - 0.5) <= 0.12 && Math.abs(s.centreY - 0.5) <= 0.12);
    assert.ok(Math.abs(s.cos ** 2 + s.sin ** 2 - 1) < 1e-12 && s.cos >= 0.766 - 1e-12);
    const luma = (c: readonly number[]): number => 0.299 * c[0]! + 0.587 * c[1]! + 0.114 * c[2]!;
    assert.ok(Math.abs(luma(s.foreground.colour) - luma(s.background.colour)) >= 0.22);
  }
});

Deno.test("drawScene turns both ways and uses the whole range of sizes", () => {
  const scenes = Array.from({ length: 400 }, (_, i) => drawScene(new PhiloxStream([2, 4], [0, i, 0])));
  const left = scenes.filter((s) => s.sin < 0).length;
  assert.ok(left > 150 && left < 250, `${left}`); // five standard deviations of a fair coin are 50
  assert.ok(
    Math.min(...scenes.map((s) => s.radius)) < 0.305 && Math.max(...scenes.map((s) => s.radius)) > 0.415,
  );
});

Deno.test("textureWave stays between -1 and 1 and repeats with its period", () => {
  const black: Rgb = [0, 0, 0];
  const texture = { colour: black, swing: black, fx: 4, fy: 0, phase: 0.1, checks: false };
  for (let x = 0; x < 1; x += 0.01) {
    const value = textureWave(texture, x, 0.5);
    assert.ok(value >= -1 && value <= 1);
    assert.ok(Math.abs(value - textureWave(texture, x + 0.25, 0.9)) < 1e-12); // a quarter is one period of 4
  }
});
