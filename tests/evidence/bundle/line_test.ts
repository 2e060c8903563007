import assert from "node:assert/strict";
import { notChecked, ok, tampered } from "../../../src/evidence/bundle/line.ts";

Deno.test("ok, tampered and notChecked make lines of their status, with a place where there is one", () => {
  assert.deepEqual(ok("files", "m"), { status: "OK", check: "files", message: "m" });
  assert.deepEqual(tampered("files", "p", "m"), {
    status: "TAMPERED",
    check: "files",
    place: "p",
    message: "m",
  });
  assert.deepEqual(notChecked("files", "m"), { status: "NOT-CHECKED", check: "files", message: "m" });
  assert.equal(notChecked("files", "m", "p").place, "p");
});
