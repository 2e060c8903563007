import assert from "node:assert/strict";
import { STATISTICS, statisticsOf } from "../../../src/data/augment/statistics.ts";
import { normaliseSchema } from "../../../src/data/augment/recipe_schema.ts";

Deno.test("statisticsOf gives the numbers of a name and leaves numbers as they are", () => {
  assert.deepEqual(statisticsOf("cifar100").mean, [0.5071, 0.4865, 0.4409]);
  const own = { mean: [0.1, 0.2, 0.3], std: [0.4, 0.5, 0.6] } as const;
  assert.equal(statisticsOf({ mean: own.mean, std: own.std }).std, own.std);
});

Deno.test("STATISTICS holds every name that a recipe may use, and numbers that a recipe may use", () => {
  const [names, numbers] = normaliseSchema.options;
  assert.deepEqual(Object.keys(STATISTICS), names.options);
  for (const statistics of Object.values(STATISTICS)) assert.deepEqual(numbers.parse(statistics), statistics);
});

Deno.test("no statistics change under their name, which stands for its numbers in hashes of specifications", async () => {
  const frozen = await Deno.readTextFile(new URL("../../fixtures/data/statistics.json", import.meta.url));
  assert.deepEqual(STATISTICS, JSON.parse(frozen), "give other numbers another name");
});
