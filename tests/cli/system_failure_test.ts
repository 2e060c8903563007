import assert from "node:assert/strict";
import { systemFailure } from "../../src/cli/system_failure.ts";

Deno.test("systemFailure states what the system refused, on which path, and what helps", () => {
  const full = Object.assign(
    new Error("No space left on device (os error 28): writefile '/out/a b.json'"),
    { code: "ENOSPC" },
  );
  assert.equal(
    systemFailure(full)?.message,
    'Cannot write "/out/a b.json": the operating system must allow it, found no space left on device; ' +
      "free some space or choose a folder on another disk, then run it again.",
  );
});

Deno.test("systemFailure explains real errors: a file where a folder must be made, a place the runtime keeps", async () => {
  const file = await Deno.makeTempFile();
  try {
    const made = await Deno.mkdir(file).catch((error) => error);
    assert.match(systemFailure(made)!.message, /^Cannot make folder ".*": .*exists; choose another place/);
    const below = await Deno.mkdir(`${file}/x`).catch((error) => error);
    assert.match(systemFailure(below)!.message, /^Cannot make folder ".*\/x": .*not a directory; choose/);
  } finally {
    await Deno.remove(file);
  }
  const kept = new Deno.errors.NotCapable(
    'Requires all access to "/proc/x", run again with the --allow-all flag',
  );
  assert.match(systemFailure(kept)!.message, /^Cannot use "\/proc\/x": /);
});

Deno.test("systemFailure leaves defects alone: other errors, a missing file, a missing permission of the program", () => {
  assert.equal(systemFailure(new TypeError("undefined is not a function")), undefined);
  assert.equal(systemFailure("text"), undefined);
  assert.equal(
    systemFailure(Object.assign(new Error("No such file (os error 2): open '/x'"), { code: "ENOENT" })),
    undefined,
  );
  const env = new Deno.errors.NotCapable('Requires env access to "X", run again with the --allow-env flag');
  assert.equal(systemFailure(env), undefined);
});
