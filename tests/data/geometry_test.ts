import assert from "node:assert/strict";
import { requireGeometry } from "../../src/data/geometry.ts";

Deno.test("requireGeometry takes square and refuses full by name, and words it does not know", () => {
  requireGeometry("square");
  assert.throws(
    () => requireGeometry("full"),
    /must be "square".*found "full", which would keep whole images/,
  );
  assert.throws(() => requireGeometry("round"), /found "round"/);
});
