import assert from "node:assert/strict";
import { impossible, usable } from "../../src/judge/possible.ts";
import { valueCase } from "./cases.ts";

const { claim, margin } = valueCase({ n: 3, spread: { value: 0.1, kind: "se", halfStep: 0.05 } }, null);

Deno.test("impossible finds nothing in a proper claim", () => {
  assert.equal(impossible(claim, margin, 0.05, 0.8), null);
  assert.equal(impossible({ ...claim, n: null, spread: null }, { ...margin, value: 0 }, 0.05, 0.8), null);
});

Deno.test("impossible names every broken field with what was required and found", () => {
  const r = impossible({ ...claim, value: NaN, n: 2.5 }, { ...margin, value: -1 }, 0.6, 1)!;
  assert.deepEqual(r.differs, ["claim.value", "claim.n", "margin", "alpha", "power"]);
  assert.equal(r.notes[2], "margin must be finite and not negative, found -1.");
  const spread = { value: -0.1, kind: "se", halfStep: 0 } as const;
  assert.deepEqual(impossible({ ...claim, spread, runs: [1, Infinity] }, margin, 0.05, 0.8)!.differs, [
    "claim.runs",
    "claim.spread",
  ]);
});

Deno.test("usable refuses what overflows when squared", () => {
  assert.deepEqual([0, -1e100, 1e101, NaN, -Infinity].map(usable), [true, true, false, false, false]);
});
