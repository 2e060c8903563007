import assert from "node:assert/strict";
import { assertion } from "../../src/claims/assertions.ts";

Deno.test("assertion reads a stated number with its decimals and bound", () => {
  const data = assertion.parse({ form: "ratio", of: ["a/*"], over: ["b/*"], stated: 0.5, decimals: 1 });
  assert.deepEqual(data, {
    form: "ratio",
    of: ["a/*"],
    over: ["b/*"],
    stated: 0.5,
    decimals: 1,
    bound: "about",
  });
});

Deno.test("assertion refuses an unknown form, a missing part and a surplus one", () => {
  for (
    const wrong of [
      { form: "better", cells: ["*"] },
      { form: "same", cells: ["*"] },
      { form: "within", cells: [], low: 0, high: 1 },
      { form: "best", winners: ["a"], among: ["b"], margin: "huge" },
      { form: "distinct-losses", left: { loss: "kl" }, right: { loss: "kl" }, ratio: 1 },
    ]
  ) assert.ok(!assertion.safeParse(wrong).success, JSON.stringify(wrong));
});

Deno.test("assertion takes losses to have a constant target unless told otherwise", () => {
  const data = assertion.parse({
    form: "distinct-losses",
    left: { loss: "kl" },
    right: { loss: "cross-entropy" },
  });
  assert.ok(data.form === "distinct-losses" && data.left.target === "stop-gradient");
});
