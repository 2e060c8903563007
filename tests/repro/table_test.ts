import assert from "node:assert/strict";
import { adapterName, chosenMethods, hasMethod, measuredOf, recordedRuns } from "../../src/repro/table.ts";

Deno.test("chosenMethods keeps the table's order and names what it does not know", () => {
  assert.deepEqual(chosenMethods(["a", "b", "c"], undefined), ["a", "b", "c"]);
  assert.deepEqual(chosenMethods(["a", "b", "c"], ["c", "a"]), ["a", "c"]);
  assert.throws(
    () => chosenMethods(["a", "b"], ["d"]),
    /each must be one of a, b, found "d"; correct --methods/,
  );
  assert.throws(() => chosenMethods(["a", "b"], []), /found none/);
});

Deno.test("hasMethod tells the files of src/methods from other names", () => {
  assert.ok(hasMethod("sdiet"));
  assert.ok(!hasMethod("nobody"));
});

Deno.test("adapterName takes the first word an adapter has about itself", () => {
  const none = { vendor: "", architecture: "", device: "", description: "", fallback: false, runtime: "" };
  assert.equal(adapterName({ ...none, description: "llvmpipe", device: "d" }), "llvmpipe");
  assert.equal(adapterName({ ...none, vendor: "v" }), "v");
  assert.equal(adapterName(none), "unnamed adapter");
});

Deno.test("a folder without runs has none recorded, and nothing was measured there", async () => {
  const folder = await Deno.makeTempDir();
  assert.deepEqual(await recordedRuns(folder), []);
  assert.equal(measuredOf(undefined), undefined);
  await Deno.remove(folder);
});

Deno.test("recordedRuns names a specification that cannot be read, and the way out", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/runs/a`, { recursive: true });
    await Deno.writeTextFile(`${folder}/runs/a/spec.json`, "garbage");
    await assert.rejects(
      recordedRuns(folder),
      /Cannot read the run's specification ".*a\/spec.json": .* remove the run's folder/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
