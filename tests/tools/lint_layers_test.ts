import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import plugin, { forbidden, layers } from "../../tools/lint_layers.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

function messages(file: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, join(root, file), source).map((d) => d.message);
}

Deno.test("layers lets a file import its own layer, its row, the error type and, where allowed, kernels", () => {
  assert.deepEqual(
    messages(
      "src/nn/ops/conv.ts",
      `import { a } from "../value.ts";
       import { b } from "../../gpu/program.ts";
       import { failure } from "../../base/error.ts";
       import text from "../../kernels.wgsl/conv.wgsl" with { type: "text" };
       import { createHash } from "node:crypto";
       export * from "./dense.ts";`,
    ),
    [],
  );
  assert.deepEqual(messages("src/cli/plan.ts", `import { object } from "@optique/core/constructs";`), []);
});

Deno.test("layers reports every form of import that leaves the row", () => {
  const forms = [
    `import { a } from "../data/loader.ts";`,
    `import type { A } from "../data/loader.ts";`,
    `import "../data/loader.ts";`,
    `export { a } from "../data/loader.ts";`,
    `export * from "../data/loader.ts";`,
    `const a = await import("../data/loader.ts");`,
    "const a = await import(`../data/loader.ts`);",
    `export type A = import("../data/loader.ts").A;`,
  ];
  for (const form of forms) {
    const found = messages("src/methods/simclr.ts", form);
    assert.equal(found.length, 1, form);
    assert.match(found[0]!, /"methods" may import nn, found "src\/data\/loader\.ts"/, form);
  }
});

Deno.test("layers keeps labels out of methods: neither data nor eval, nor gpu past nn", () => {
  for (const layer of ["data", "eval", "gpu", "repro", "cli", "kernels.wgsl"]) {
    assert.notEqual(forbidden("src/methods/simclr.ts", `../${layer}/x.ts`), undefined, layer);
  }
  assert.equal(forbidden("src/methods/simclr.ts", "../nn/losses.ts"), undefined);
});

Deno.test("layers forbids packages and computed imports in gpu, nn and methods", () => {
  for (const layer of ["gpu", "nn", "methods"]) {
    assert.match(forbidden(`src/${layer}/x.ts`, "zod")!, /may import no package, found "zod"/);
    assert.match(forbidden(`src/${layer}/x.ts`, "npm:zod@4")!, /no package/);
    assert.match(forbidden(`src/${layer}/x.ts`, "https://example.org/x.ts")!, /no package/);
    assert.match(forbidden(`src/${layer}/x.ts`, undefined)!, /computed path/);
  }
  assert.equal(forbidden("src/repro/experiment.ts", undefined), undefined);
});

Deno.test("layers lets a table import assay alone, and exact checks any room", () => {
  assert.equal(forbidden("experiments/sdiet/table6.ts", "assay"), undefined);
  assert.equal(forbidden("experiments/sdiet/theorem.ts", "../../src/base/random.ts", true), undefined);
  assert.equal(
    forbidden("experiments/sdiet/exact/linear_algebra.ts", "../../../src/base/random.ts"),
    undefined,
  );
  const theorem = `import { exactExperiment } from "../exact/check.ts";
    import { PhiloxStream } from "../../src/base/random.ts";`;
  assert.deepEqual(messages("experiments/sdiet/theorem.ts", theorem), []);
  for (const specifier of ["../../src/nn/value.ts", "./table5.ts", "zod", "node:path"]) {
    assert.match(forbidden("experiments/sdiet/table6.ts", specifier)!, /only "assay"/);
  }
});

Deno.test("layers reports source outside every layer and leaves tests and tools alone", () => {
  assert.match(forbidden("src/helpers.ts", "./gpu/program.ts")!, /lies in no layer/);
  assert.match(forbidden("src/base/error.ts", "../gpu/program.ts")!, /may import no other layer/);
  assert.match(forbidden("src/gpu/x.ts", "../../tools/size.ts")!, /no other layer, found "tools\/size\.ts"/);
  assert.equal(forbidden("tests/gpu/x_test.ts", "../../src/eval/knn.ts"), undefined);
});

Deno.test("layers is a table without cycles", () => {
  const visit = (name: string, path: string[]): void => {
    assert.ok(!path.includes(name), `cycle ${[...path, name].join(" -> ")}`);
    for (const next of layers[name]!.imports) visit(next, [...path, name]);
  };
  for (const name of Object.keys(layers)) visit(name, []);
});
