import { experiment } from "../../../experiments/sdiet/memory.ts";
import { assertExact } from "../exact.ts";

Deno.test("sdiet/memory: counts agree with the formulas and every control is rejected", async () => {
  await assertExact(experiment, ["X16"]);
});
