import assert from "node:assert/strict";
import { decimalsOf, halfUnit, show } from "../../src/claims/claim.ts";

Deno.test("decimalsOf counts printed places, trailing zeros included", () => {
  assert.equal(decimalsOf("63.0"), 1);
  assert.equal(decimalsOf("71"), 0);
  assert.equal(decimalsOf("1.5e-3"), 4);
  assert.equal(decimalsOf("2e3"), 0);
});

Deno.test("halfUnit is half of the last printed place", () => {
  assert.equal(halfUnit({ value: 67.5, decimals: 1 }), 0.05);
  assert.equal(halfUnit({ value: 91, decimals: 0 }), 0.5);
});

Deno.test("show prints the number as published", () => {
  assert.equal(show({ value: 63, decimals: 1 }), "63.0");
});
