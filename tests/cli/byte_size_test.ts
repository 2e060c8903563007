import assert from "node:assert/strict";
import { byteSize } from "../../src/cli/byte_size.ts";

Deno.test("byteSize takes sizes with units and says what it expected otherwise", () => {
  const parser = byteSize();
  assert.deepEqual(parser.parse("2KiB"), { success: true, value: 2048 });
  assert.equal(parser.parse("0").success, false);
  assert.equal(parser.parse("lots").success, false);
  assert.equal(parser.format(2048), "2.00 KiB");
});
