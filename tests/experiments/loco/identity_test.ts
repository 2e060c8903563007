import { experiment } from "../../../experiments/loco/identity.ts";
import { assertExact } from "../exact.ts";

Deno.test("loco/identity: every identity holds and every control is rejected", async () => {
  await assertExact(experiment, ["X14"]);
});
