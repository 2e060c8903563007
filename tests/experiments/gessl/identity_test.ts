import { experiment } from "../../../experiments/gessl/identity.ts";
import { assertExact } from "../exact.ts";

Deno.test("gessl/identity: every identity holds and every control is rejected", async () => {
  await assertExact(experiment, ["X15"]);
});
