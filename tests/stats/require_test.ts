import {
  requireCount,
  requireFinite,
  requireNonNegative,
  requireOpenUnit,
  zeroVariance,
} from "../../src/stats/require.ts";
import { assertAssayError } from "./close.ts";

Deno.test("requireFinite names the operation, the list, what is required, what was found and the way out", () => {
  const message =
    "Cannot average row 3: at least 2 values are required, found 1; run more seeds or leave this row out.";
  assertAssayError(() => requireFinite("average", "row 3", [1], 2), new RegExp(`^${message}$`));
  assertAssayError(() => requireFinite("average", "row 3", [1, Infinity], 2), /found Infinity at position 2/);
  requireFinite("average", "row 3", [1, 2], 2);
});

Deno.test("requireOpenUnit, requireCount and requireNonNegative refuse their ends and NaN", () => {
  for (const bad of [0, 1, NaN]) assertAssayError(() => requireOpenUnit("test", "x", bad), /between 0 and 1/);
  for (const bad of [1, 2.5, NaN]) {
    assertAssayError(() => requireCount("test", "x", bad, 2), /integer of at least 2/);
  }
  for (const bad of [-1, Infinity, NaN]) {
    assertAssayError(() => requireNonNegative("test", "x", bad), /not negative/);
  }
  requireOpenUnit("test", "x", 0.5);
  requireCount("test", "x", 2, 2);
  requireNonNegative("test", "x", 0);
});

Deno.test("zeroVariance points to exact comparison", () => {
  assertAssayError(() => {
    throw zeroVariance("test", "x");
  }, /compare a deterministic quantity exactly/);
});
