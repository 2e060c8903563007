import { experiment } from "../../../experiments/compress/identity.ts";
import { assertExact } from "../exact.ts";

Deno.test("compress/identity: every identity holds and every control is rejected", async () => {
  await assertExact(experiment, ["X13"]);
});
