import assert from "node:assert/strict";
import { settingsOf } from "../../../src/repro/presets/settings.ts";

Deno.test("settingsOf gives a method its published or its small settings, or none at all", () => {
  assert.equal(settingsOf("published", "simclr", "cifar10").epochs, 1000);
  assert.equal(settingsOf("small", "simclr", "cifar10").hyper?.["T"], 0.2);
  assert.deepEqual(settingsOf("none", "simclr", "cifar10"), {});
});

Deno.test("settingsOf refuses a name that does not exist, and a method without an entry", () => {
  assert.throws(() => settingsOf("tuned", "simclr", "cifar10"), /name one of none, small, published/);
  assert.throws(() => settingsOf("published", "supervised", "cifar10"), /must have an entry/);
});
