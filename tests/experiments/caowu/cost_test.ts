import { experiment } from "../../../experiments/caowu/cost.ts";
import { assertExact } from "../exact.ts";

Deno.test("caowu/cost: counts agree with the formulas and every control is rejected", async () => {
  await assertExact(experiment, ["X16 traced", "X16 35.1"]);
});
