import assert from "node:assert/strict";
import { join } from "node:path";
import { anchors, deadReferences, references } from "../../tools/check_links.ts";

Deno.test("references finds links and path-like spans with their lines, and skips fences, URLs and placeholders", () => {
  const page = [
    "See [design](ARCHITECTURE.md#layers) and [site](https://example.org), `src/gpu/device.ts`.",
    "```ts",
    "[not](a-link.md) `src/not/a.ts`",
    "```",
    "Add `src/methods/<name>.ts` and `src/*.ts`, run `./run test`, read `LICENSE` and `CONTRIBUTING.md`.",
    '![plot](<plots/a.svg> "title") `[not](code.md)`',
  ].join("\n");
  assert.deepEqual(references(page).map((r) => [r.line, r.kind, r.target]), [
    [1, "span", "src/gpu/device.ts"],
    [1, "link", "ARCHITECTURE.md#layers"],
    [5, "span", "CONTRIBUTING.md"],
    [6, "link", "plots/a.svg"],
  ]);
});

Deno.test("anchors are GitHub's slugs, repeated headings numbered", () => {
  assert.deepEqual([...anchors("# The `plan` command: bytes\n## Errors\ntext\n## Errors\n")], [
    "the-plan-command-bytes",
    "errors",
    "errors-1",
  ]);
});

Deno.test("deadReferences reports a missing file, span and heading, and accepts what exists or is generated", async () => {
  const root = await Deno.makeTempDir();
  await Deno.mkdir(join(root, "decisions"));
  await Deno.mkdir(join(root, "src"));
  await Deno.writeTextFile(join(root, "src/a.ts"), "");
  await Deno.writeTextFile(
    join(root, "decisions/0001.md"),
    "# One\n[up](../README.md) [self](#one) [bad](#two)\n",
  );
  await Deno.writeTextFile(
    join(root, "README.md"),
    "[one](decisions/0001.md#one) [two](decisions/0001.md#two) [x](gone.md)\n`src/a.ts` `src/b.ts` [r](reports/x.html)\n",
  );
  assert.deepEqual(await deadReferences(root), [
    'README.md:1 links to "decisions/0001.md#two", but decisions/0001.md has no such heading.',
    'README.md:1 names "gone.md", which does not exist.',
    'README.md:2 names "src/b.ts", which does not exist.',
    'decisions/0001.md:2 links to "#two", but decisions/0001.md has no such heading.',
  ]);
  await Deno.remove(root, { recursive: true });
});
