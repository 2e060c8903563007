import assert from "node:assert/strict";
import fixture from "../fixtures/stats/counts.json" with { type: "json" };
import { mcnemarExact } from "../../src/stats/mcnemar.ts";
import { assertAssayError, assertClose } from "./close.ts";

Deno.test("mcnemarExact agrees with scipy's binomial test and is 1 without discordant items", () => {
  for (const { b, c, p } of fixture.mcnemar) assertClose(mcnemarExact(b, c).p, p, 1e-11);
  assert.deepEqual(mcnemarExact(0, 0), { discordant: 0, p: 1 });
  assertAssayError(() => mcnemarExact(-1, 2), /integer of at least 0/);
});
