import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { loads, NO_ADAPTER, withoutAdapter } from "../../tools/adapter.ts";

Deno.test("loads leaves out imports of types alone and keeps mixed and lazy ones", () => {
  const source = `
    import type { A } from "./a.ts";
    import { type B, type B2 } from "./b.ts";
    export type { C } from "./c.ts";
    import { d, type D } from "./d.ts";
    import {
      type E,
      e,
    } from "./e.ts";
    import "./f.ts";
    const g = () => import("./g.ts");
    const unused = "src/cli/main.ts";`;
  assert.deepEqual(loads("tests/x_test.ts", source), ["d", "e", "f", "g"].map((n) => `tests/${n}.ts`));
});

Deno.test("loads adds what a test that starts programs names", () => {
  const source =
    `new Deno.Command("deno", { args: ["run", "src/cli/main.ts", new URL("./child.ts", import.meta.url)] });`;
  assert.deepEqual(loads("tests/x_test.ts", source), ["src/cli/main.ts", "tests/child.ts"]);
  assert.deepEqual(loads("src/record/x.ts", source), []);
});

Deno.test("withoutAdapter keeps tests that reach no module which asks for an adapter", async () => {
  const root = await Deno.makeTempDir();
  const files = {
    "src/gpu/device.ts": "const adapter = await navigator.gpu.requestAdapter();",
    "tools/page.ts": "const page = `<script>navigator.gpu.requestAdapter()</script>`;",
    "tests/page_test.ts": `import "../tools/page.ts";`,
    "src/gpu/session.ts": `import { Device } from "./device.ts";`,
    "src/gpu/planner.ts": `import type { Device } from "./device.ts";`,
    "src/cli/main.ts": `await import("../gpu/session.ts");`,
    "tests/planner_test.ts": `import { plan } from "../src/gpu/planner.ts";`,
    "tests/helper.ts": `import { Session } from "../src/gpu/session.ts";`,
    "tests/session_test.ts": `import "./helper.ts";`,
    "tests/cli_test.ts": `new Deno.Command("deno", { args: ["src/cli/main.ts"] });`,
  };
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(dirname(join(root, path)), { recursive: true });
    await Deno.writeTextFile(join(root, path), text);
  }
  const tests = Object.keys(files).filter((path) => path.endsWith("_test.ts"));
  assert.deepEqual(await withoutAdapter(root, tests), ["tests/planner_test.ts"]);
  await Deno.remove(root, { recursive: true });
});

Deno.test("withoutAdapter tells this project's tests of devices from those of plans", async () => {
  const files = [
    "tests/gpu/device_test.ts",
    "tests/gpu/planner_test.ts",
    "tests/tools/check_kernels_test.ts",
  ];
  assert.deepEqual(await withoutAdapter(".", files), ["tests/gpu/planner_test.ts"]);
});

Deno.test("NO_ADAPTER leaves a machine without an adapter", async () => {
  const script = "console.log(await navigator.gpu.requestAdapter());";
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--unstable-webgpu", script],
    env: { ...NO_ADAPTER },
  }).output();
  assert.equal(new TextDecoder().decode(stdout).trim(), "null");
});
