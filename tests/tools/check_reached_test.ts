import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { keptPaths, reachedFrom, unreached } from "../../tools/check_reached.ts";

async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await Deno.makeTempDir();
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(dirname(join(root, path)), { recursive: true });
    await Deno.writeTextFile(join(root, path), text);
  }
  return root;
}

const FILES = {
  "mod.ts": `export * from "./src/nn/a.ts";`,
  "src/cli/main.ts": `const run = () => import("./commands/plan.ts");`,
  "src/cli/commands/plan.ts": `import type { B } from "../../nn/b.ts";`,
  "src/nn/a.ts": "",
  "src/nn/b.ts": "",
  "src/nn/alone.ts": `import "./helper.ts";`,
  "src/nn/helper.ts": "",
  "src/nn/tried.ts": "",
  "src/methods/found_by_listing.ts": `import "../nn/a.ts";`,
  "experiments/x/table.ts": `import "../../mod.ts";`,
  "bench/main.ts": `import "../src/nn/tried.ts";`,
  "tests/nn/alone_test.ts": `import "../../src/nn/alone.ts";`,
};

Deno.test("unreached reports what only a test imports, with what that alone imports", async () => {
  const root = await project({ ...FILES, "ARCHITECTURE.md": "# Architecture\n" });
  const found = await unreached(root);
  assert.deepEqual(found.map((sentence) => sentence.split(" ")[0]), ["src/nn/alone.ts", "src/nn/helper.ts"]);
  assert.match(found[0]!, /remove it, or keep it with its reason in ARCHITECTURE\.md/);
  await Deno.remove(root, { recursive: true });
});

Deno.test("unreached excuses a kept file and what it imports, until the line is stale", async () => {
  const list = (...lines: string[]) =>
    `# Architecture\n\n## Kept for what comes\n\n${
      lines.join("\n")
    }\n\n## More\n\n- \`src/nn/more.ts\`: not of the list\n`;
  const alone = "- `src/nn/alone.ts`: a reason";
  const root = await project({ ...FILES, "ARCHITECTURE.md": list(alone) });
  assert.deepEqual(await unreached(root), []);
  const write = (text: string) => Deno.writeTextFile(join(root, "ARCHITECTURE.md"), text);
  await write(list(alone, "- `src/nn/a.ts`: a reason", "- `src/nn/gone.ts`: a reason"));
  const found = (await unreached(root)).join("\n");
  assert.match(found, /src\/nn\/a\.ts is kept .* but something reaches it by now/);
  assert.match(found, /src\/nn\/gone\.ts is kept .* but does not exist/);
  await Deno.remove(root, { recursive: true });
});

Deno.test("keptPaths reads lines with a reason only", () => {
  assert.deepEqual(keptPaths("## Kept for what comes\n\n- `src/a.ts`: why\n- `src/b.ts`:\n- `src/c.ts`\n"), [
    "src/a.ts",
  ]);
  assert.deepEqual(keptPaths("no such list"), []);
});

Deno.test("reachedFrom follows circles once", () => {
  const graph = new Map([["a", new Set(["b"])], ["b", new Set(["a", "c"])], ["d", new Set(["c"])]]);
  assert.deepEqual([...reachedFrom(["a"], graph)].sort(), ["a", "b", "c"]);
});
