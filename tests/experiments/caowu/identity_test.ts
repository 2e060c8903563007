import { experiment } from "../../../experiments/caowu/identity.ts";
import { assertExact } from "../exact.ts";

Deno.test("caowu/identity: every identity holds and every control is rejected", async () => {
  await assertExact(experiment, ["X10", "X11", "X12"]);
});
