import assert from "node:assert/strict";
import { differencesOf } from "../../src/record/differences.ts";

Deno.test("differencesOf lists paths, and null where one side has nothing", () => {
  assert.deepEqual(differencesOf({ x: { y: 1 }, l: [1] }, { x: { z: "t" }, l: [1] }), [
    { what: "x.y", a: "1", b: null },
    { what: "x.z", a: null, b: "t" },
  ]);
});
