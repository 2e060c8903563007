import assert from "node:assert/strict";
import { loadMethod, methodNames } from "../../src/repro/method_files.ts";

/** Letters and defaults that stand in the hashes of specifications of the format assay-run-2. */
const known: Record<string, Record<string, unknown>> = JSON.parse(
  await Deno.readTextFile(new URL("../fixtures/methods/hyper_defaults.json", import.meta.url)),
);

Deno.test("no default of a hyper-parameter changes, and a letter declared since is marked as later", async () => {
  for (const name of methodNames().filter((method) => method in known)) {
    const { hyper } = await loadMethod(name);
    const first = known[name]!;
    for (const [letter, usual] of Object.entries(first)) {
      assert.deepEqual(
        hyper[letter]?.default,
        usual,
        `${name}.${letter}: hashes of earlier runs hold this default`,
      );
    }
    for (const [letter, { later }] of Object.entries(hyper)) {
      assert.equal(later === true, !(letter in first), `${name}.${letter}: mark it \`later: true\``);
    }
  }
});
