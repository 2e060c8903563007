import assert from "node:assert/strict";
import { grouped, viewsOf } from "../../../src/repro/presets/views.ts";

Deno.test("viewsOf makes one group of views that are alike and two of those that differ", () => {
  assert.deepEqual(
    viewsOf("solo-learn/cifar10/simclr", 2, 32).map(({ count, size, recipe }) => [count, size, recipe.name]),
    [[2, 32, "solo-learn/cifar10/simclr"]],
  );
  assert.deepEqual(viewsOf("solo-learn/cifar10/byol", 2, 32).map(({ count }) => count), [1, 1]);
});

Deno.test("grouped keeps the order of views and joins only neighbours", () => {
  const recipe = (name: string) => ({ name, normalise: "imagenet" as const });
  const groups = grouped(["a", "b", "b", "a"].map(recipe), 8);
  assert.deepEqual(groups.map(({ count, recipe }) => `${count} ${recipe.name}`), ["1 a", "2 b", "1 a"]);
});
