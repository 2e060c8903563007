import assert from "node:assert/strict";
import { sha256 } from "../../src/base/canonical.ts";
import {
  adapterClass,
  describeCode,
  describeEnvironment,
  environmentSchema,
} from "../../src/record/environment.ts";
import { inFolder, put } from "./synthetic_run.ts";

const adapter = {
  vendor: "v",
  architecture: "a",
  device: "d",
  description: "llvmpipe (LLVM 19)",
  fallback: true,
  runtime: "Deno 2",
};

Deno.test("describeEnvironment is what its schema says, with and without an adapter", async () => {
  for (const given of [adapter, null]) {
    const environment = await describeEnvironment(given);
    assert.deepEqual(environmentSchema.parse(environment), environment);
    assert.equal(environment.machine.adapterClass, given && adapterClass(given));
  }
});

Deno.test("adapterClass tells drivers and shader compilers apart", () => {
  assert.equal(adapterClass({ ...adapter }), adapterClass(adapter));
  assert.notEqual(adapterClass({ ...adapter, description: "llvmpipe (LLVM 20)" }), adapterClass(adapter));
  assert.notEqual(adapterClass({ ...adapter, runtime: "Deno 3" }), adapterClass(adapter));
});

Deno.test("describeCode hashes source, kernels and lock file by content, wherever they lie", () =>
  inFolder(async (folder) => {
    const make = async (name: string): Promise<string> => {
      const root = `${folder}/${name}`;
      await put(`${root}/deno.lock`, "lock");
      await put(`${root}/src/a.ts`, "a");
      await put(`${root}/src/deep/b.ts`, "b");
      await put(`${root}/src/kernels.wgsl/k.wgsl`, "kernel");
      return root;
    };
    const [one, two] = [await make("one"), await make("two")];
    const code = await describeCode(one);
    assert.deepEqual(await describeCode(two), code);
    assert.deepEqual(code.kernels, { "k.wgsl": sha256("kernel") });
    assert.equal(code.lock, sha256("lock"));
    await put(`${two}/README.md`, "no code");
    assert.equal((await describeCode(two)).source, code.source);
    await put(`${two}/src/deep/b.ts`, "changed");
    assert.notEqual((await describeCode(two)).source, code.source);
    await Deno.rename(`${one}/src/a.ts`, `${one}/src/c.ts`);
    assert.notEqual((await describeCode(one)).source, code.source);
  }));
