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

Deno.test("withoutAdapter keeps tests that reach src/gpu/device.ts by no way", async () => {
  const root = await Deno.makeTempDir();
  const files = {
    "src/gpu/device.ts": "",
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

Deno.test("src/gpu/device.ts alone asks for an adapter, so that the rule sees every way to one", async () => {
  const asking: string[] = [];
  const look = async (folder: string): Promise<void> => {
    for await (const entry of Deno.readDir(folder)) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory) await look(path);
      else if (path.endsWith(".ts") && /\.requestAdapter\(/.test(await Deno.readTextFile(path))) {
        asking.push(path);
      }
    }
  };
  await look("src");
  assert.deepEqual(asking, ["src/gpu/device.ts"]);
});

Deno.test("NO_ADAPTER leaves a machine without an adapter", async () => {
  const script = "console.log(await navigator.gpu.requestAdapter());";
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--unstable-webgpu", script],
    env: { ...NO_ADAPTER },
  }).output();
  assert.equal(new TextDecoder().decode(stdout).trim(), "null");
});
