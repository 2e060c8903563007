import assert from "node:assert/strict";
import { join } from "node:path";
import { projectRoot } from "../../src/base/project_root.ts";

Deno.test("projectRoot is the folder that holds deno.json and datasets, without a slash at its end", async () => {
  assert.match(projectRoot(), /[^/\\]$/);
  assert.ok((await Deno.stat(join(projectRoot(), "deno.json"))).isFile);
  assert.ok((await Deno.stat(join(projectRoot(), "datasets"))).isDirectory);
});
