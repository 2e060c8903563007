import fixture from "../fixtures/stats/bootstrap.json" with { type: "json" };
import { interquartileMean } from "../../src/stats/interquartile_mean.ts";
import { assertAssayError, assertClose } from "./close.ts";

Deno.test("interquartileMean agrees with scipy's trimmed mean and refuses an empty list", () => {
  for (const { values, iqm } of fixture.interquartileMean) assertClose(interquartileMean(values), iqm, 1e-14);
  assertAssayError(() => interquartileMean([]), /found 0/);
});
