import { experiment } from "../../../experiments/loco/memory.ts";
import { assertExact } from "../exact.ts";

Deno.test("loco/memory: counts agree with the formulas and every control is rejected", async () => {
  await assertExact(experiment, ["X16", "X16 2.76"]);
});
