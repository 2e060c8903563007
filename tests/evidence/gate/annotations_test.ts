import assert from "node:assert/strict";
import { annotation } from "../../../src/evidence/gate/annotations.ts";

Deno.test("annotation writes a workflow command that no text can break out of", () => {
  assert.equal(
    annotation({ level: "error", title: "gate: a, b", message: "50 %\nred: x", file: "reports/a.json" }),
    "::error file=reports/a.json,title=gate%3A a%2C b::50 %25%0Ared: x",
  );
  assert.equal(annotation({ level: "notice", title: "t", message: "m" }), "::notice title=t::m");
});
