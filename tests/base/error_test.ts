import assert from "node:assert/strict";
import { AssayError, failure } from "../../src/base/error.ts";

Deno.test("failure says operation, object, requirement, finding and way out in one sentence and keeps the cause", () => {
  const cause = new Error("inner");
  const error = failure({
    operation: "read checkpoint",
    object: '"a.safetensors"',
    required: "the header must be JSON",
    found: "3 bytes",
    wayOut: "copy the file again",
  }, cause);
  assert.ok(error instanceof AssayError);
  assert.equal(error.name, "AssayError");
  assert.equal(error.cause, cause);
  assert.equal(
    error.message,
    'Cannot read checkpoint "a.safetensors": the header must be JSON, found 3 bytes; copy the file again.',
  );
});
