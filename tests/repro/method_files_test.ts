import assert from "node:assert/strict";
import { loadMethod, methodNames } from "../../src/repro/method_files.ts";

Deno.test("methods are the files of src/methods, and each loads under its name", async () => {
  const names = methodNames();
  assert.ok(names.includes("supervised"));
  assert.deepEqual(names, [...names].sort());
  for (const name of names) assert.equal((await loadMethod(name)).name, name);
});

Deno.test("an unknown method lists the methods", async () => {
  await assert.rejects(loadMethod("simclear"), /Cannot find method "simclear": the methods are .*supervised/);
});
