import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const page = fileURLToPath(new URL("../mod.ts", import.meta.url));

Deno.test("the examples of the module's page are type-checked and run as they stand", async () => {
  const text = await Deno.readTextFile(page);
  const examples = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map((m) => m[1]!.replaceAll(/^ \* ?/gm, ""));
  assert.ok(examples.length >= 2);
  const folder = await Deno.makeTempDir();
  try {
    const files = await Promise.all(examples.map(async (example, i) => {
      const file = `${folder}/example${i}.ts`;
      await Deno.writeTextFile(file, example);
      return file;
    }));
    const deno = async (...args: string[]) => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
      assert.equal(code, 0, new TextDecoder().decode(stderr));
      return new TextDecoder().decode(stdout);
    };
    const config = ["--quiet", "--config", page.replace("mod.ts", "deno.json")];
    await deno("check", ...config, ...files); // all at once: checking takes most of the time
    for (const file of files) {
      assert.match(
        await deno("run", "--no-check", ...config, "--unstable-webgpu", "--allow-read", file),
        /^\d+/,
      );
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("every name of the module's page is documented where it is defined", async () => {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), { args: ["doc", "--json", page] })
    .output();
  assert.equal(code, 0);
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout));
  const names = new Set<string>();
  for (
    const node of Object.values(
      nodes as Record<string, { symbols?: { name: string; declarations: { jsDoc?: { doc?: string } }[] }[] }>,
    )
  ) {
    for (const symbol of node.symbols ?? []) {
      names.add(symbol.name);
      assert.ok(symbol.declarations.some((d) => d.jsDoc?.doc), `${symbol.name} has no docstring`);
    }
  }
  assert.ok(names.size <= 40, `${names.size} names`);
});
