import assert from "node:assert/strict";
import { settingsOf } from "../../../src/repro/presets/settings.ts";
import { SMALL } from "../../../src/repro/presets/small.ts";
import { methodNames } from "../../../src/repro/method_files.ts";

Deno.test("settingsOf gives small settings to methods that have an entry, and published ones by dataset", () => {
  for (const method of Object.keys(SMALL)) {
    assert.ok(methodNames().includes(method), method);
    assert.deepEqual(settingsOf("small", method, "shapes"), SMALL[method]);
  }
  assert.notDeepEqual(
    settingsOf("published", "simclr", "cifar10"),
    settingsOf("published", "simclr", "imagenet-1k"),
  );
  assert.deepEqual(settingsOf("none", "simclr", "cifar10"), {});
});

Deno.test("settingsOf refuses settings that do not exist or have nothing for the method on the dataset", () => {
  assert.throws(
    () => settingsOf("big", "simclr", "cifar10"),
    /must exist, found "big"; name one of none, small, published/,
  );
  assert.throws(() => settingsOf("constructor", "simclr", "cifar10"), /found "constructor"/);
  assert.throws(() => settingsOf("small", "toString", "cifar10"), /the settings "small" must have an entry/);
  assert.throws(() => settingsOf("published", "simclr", "shapes"), /"simclr" on "shapes"/);
});
