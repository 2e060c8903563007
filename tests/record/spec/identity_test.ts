import assert from "node:assert/strict";
import { canonicalHash } from "../../../src/base/canonical.ts";
import { isOlder, recordedHash } from "../../../src/record/spec/identity.ts";
import { specHash } from "../../../src/record/spec/spec.ts";
import { fullInput, fullSpec } from "./small_spec.ts";

Deno.test("recordedHash of today's format is the specification's, however much of it the file writes out", () => {
  assert.equal(isOlder({ ...fullSpec }), false);
  assert.equal(recordedHash({ ...fullSpec }), specHash(fullSpec));
  const { format: _, ...rest } = fullSpec;
  assert.equal(recordedHash({ format: fullSpec.format, ...fullInput }), recordedHash({ ...fullSpec }));
  assert.equal(isOlder(rest), true, "a file without a format is of the first");
});

Deno.test("recordedHash of the format before covers the file as it stands", () => {
  const older = { method: "sdiet", hyper: { T: 0.1 }, seed: 0 };
  assert.equal(recordedHash(older), canonicalHash(older));
  assert.notEqual(recordedHash({ ...older, extra: 1 }), recordedHash(older));
});

Deno.test("recordedHash names the file and the field of a specification that is not sound", () => {
  assert.throws(
    () => recordedHash({ ...fullSpec, batch: 0 }, "runs/x/spec.json"),
    /"?runs\/x\/spec.json"?: batch/,
  );
});
