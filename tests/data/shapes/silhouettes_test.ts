import assert from "node:assert/strict";
import { SHAPE_CLASSES, type Silhouette, SILHOUETTES } from "../../../src/data/shapes/silhouettes.ts";

const GRID = 48;

/** The silhouette turned by `turn` degrees, sampled over -1.2..1.2. */
function mask(silhouette: Silhouette, turn: number): boolean[] {
  const c = Math.cos(turn * Math.PI / 180), s = Math.sin(turn * Math.PI / 180);
  return Array.from({ length: GRID * GRID }, (_, i) => {
    const x = 2.4 * ((i % GRID) + 0.5) / GRID - 1.2, y = 2.4 * (Math.floor(i / GRID) + 0.5) / GRID - 1.2;
    return silhouette(c * x + s * y, c * y - s * x);
  });
}

Deno.test("SILHOUETTES are ten, named in alphabetical order", () => {
  assert.equal(SHAPE_CLASSES.length, 10);
  assert.deepEqual(SHAPE_CLASSES, [...SHAPE_CLASSES].sort());
});

Deno.test("SILHOUETTES fill between a tenth and two thirds of their square and stay in it", () => {
  for (const [name, silhouette] of Object.entries(SILHOUETTES)) {
    const share = mask(silhouette, 0).filter(Boolean).length / GRID ** 2;
    assert.ok(share > 0.1 && share < 0.67, `${name} fills ${share}`);
    for (let i = 0; i < 100; i++) {
      const angle = i * Math.PI / 50;
      assert.equal(silhouette(1.3 * Math.cos(angle), 1.3 * Math.sin(angle)), false, name);
    }
  }
});

Deno.test("SILHOUETTES differ from one another at every rotation", () => {
  const names = Object.keys(SILHOUETTES) as (keyof typeof SILHOUETTES)[];
  for (const a of names) {
    const upright = mask(SILHOUETTES[a], 0);
    for (const b of names) {
      if (a >= b) continue;
      for (let turn = 0; turn < 360; turn += 15) {
        const turned = mask(SILHOUETTES[b], turn);
        const both = upright.filter((v, i) => v && turned[i]).length;
        const either = upright.filter((v, i) => v || turned[i]).length;
        assert.ok(both / either < 0.9, `${a} and ${b} at ${turn} degrees overlap by ${both / either}`);
      }
    }
  }
});
