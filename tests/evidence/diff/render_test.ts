import assert from "node:assert/strict";
import { diffRuns } from "../../../src/evidence/diff/diff.ts";
import { renderDiff } from "../../../src/evidence/diff/render.ts";
import { made } from "../../record/recorded.ts";

Deno.test("renderDiff prints the verdict, its cause, the differing values and the outcome", () => {
  const text = renderDiff(
    diffRuns(made({ place: "one" }), made({ place: "two", seed: 7, losses: [3, 9, 1] })),
  );
  assert.match(text, /^A: one\nB: two\n\nAUTHORED, likely cause: seed\n/);
  assert.match(text, /\| seed +\| 0 +\| 7 +\|/);
  assert.match(text, /\| loss of step 1 +\| 2 +\| 9 +\|/);
});

Deno.test("renderDiff shortens a long facet and says how much it left out", () => {
  const hyper = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`h${i}`, i]));
  assert.match(renderDiff(diffRuns(made(), made({ hyper }))), /and 9 more \(--json has them all\)/);
});
