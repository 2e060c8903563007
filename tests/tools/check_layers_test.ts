import assert from "node:assert/strict";
import { join } from "node:path";
import { checkLayers, circles, fileGraph, importsOf, layerGraph, table } from "../../tools/check_layers.ts";

const graphOf = (edges: Readonly<Record<string, readonly string[]>>) =>
  new Map(Object.entries(edges).map(([from, to]) => [from, new Set(to)]));

Deno.test("importsOf finds every form of import with a relative path, types included, and no package", () => {
  const source = `
    import { a } from "./a.ts";
    import type { B } from '../gpu/b.ts';
    import {
      c,
    } from "./c.ts";
    import "./d.ts";
    export * from "./e.ts";
    const f = await import("./f.ts");
    type G = import("./g.ts").G;
    import { z } from "zod";
    import { join } from "node:path";`;
  assert.deepEqual(
    importsOf("src/nn/x.ts", source),
    ["a", "../gpu/b", "c", "d", "e", "f", "g"].map((n) => join("src/nn", `${n}.ts`)),
  );
});

Deno.test("circles finds groups that reach one another, nodes that reach themselves, and nothing in a tree", () => {
  assert.deepEqual(circles(graphOf({ a: ["b", "c"], b: ["c"], c: [] })), []);
  assert.deepEqual(circles(graphOf({ a: ["b"], b: ["c"], c: ["b"], d: ["d"] })), [["b", "c"], ["d"]]);
  assert.deepEqual(circles(graphOf({ a: ["b"], b: ["c"], c: ["a"], d: ["a"] })), [["a", "b", "c"]]);
  assert.deepEqual(
    circles(graphOf({ a: ["b"], b: ["a", "c"], c: ["d"], d: ["c"] })).sort(),
    [["a", "b"], ["c", "d"]],
  );
});

Deno.test("table counts files by layer and tells what is imported from what may be", () => {
  const files = graphOf({
    "src/gpu/a.ts": [],
    "src/nn/b.ts": ["src/gpu/a.ts", "src/nn/c.ts"],
    "src/nn/c.ts": [],
  });
  const used = layerGraph(files);
  assert.deepEqual([...used.get("nn")!], ["gpu"]);
  const lines = table(files, used, graphOf({ gpu: [], nn: ["gpu", "data"] })).split("\n").map((l) =>
    l.split(/\s+/)
  );
  assert.deepEqual(lines.slice(1), [["gpu", "1", "-", "-"], ["nn", "2", "gpu", "data"]]);
});

Deno.test("checkLayers refuses a circle of types on disk", async () => {
  const root = await Deno.makeTempDir();
  const log = console.log;
  const said: string[] = [];
  console.log = (line: string) => void said.push(line);
  try {
    await Deno.mkdir(join(root, "src/nn"), { recursive: true });
    await Deno.writeTextFile(join(root, "src/nn/a.ts"), `import type { B } from "./b.ts";`);
    await Deno.writeTextFile(join(root, "src/nn/b.ts"), "export interface B { }");
    assert.equal(await checkLayers(root), 0);
    await Deno.writeTextFile(join(root, "src/nn/b.ts"), `export type B = import("./a.ts").A;`);
    assert.equal(await checkLayers(root), 1);
    assert.match(said.join("\n"), /import one another in a circle: src\/nn\/a\.ts, src\/nn\/b\.ts/);
  } finally {
    console.log = log;
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("fileGraph sees the imports of this project", async () => {
  const graph = await fileGraph(".");
  assert.ok(graph.get("src/nn/step.ts")!.has("src/nn/grad.ts"));
  assert.ok(graph.size > 100);
});
