import assert from "node:assert/strict";
import { join } from "node:path";
import { exportsCode, missingTests } from "../../tools/check_mirror.ts";

Deno.test("exportsCode sees functions, classes and arrow functions, and no types or data", () => {
  for (
    const code of [
      "export function f() {}",
      "const a = 1;\nexport async function f() {}",
      "export class A {}",
      "export abstract class A {}",
      "export default function () {}",
      "export const f = (x: number) => x;",
      "export const f = async (\n  x: number,\n): Promise<number> => x;",
    ]
  ) assert.ok(exportsCode(code), code);
  for (
    const data of [
      "export interface A { f(): void }",
      "export type F = (x: number) => number;",
      "export const table = { a: 1 };\nconst f = (x: number) => x;",
      "function inner() {}\nexport { x } from './y.ts';",
    ]
  ) assert.ok(!exportsCode(data), data);
});

async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await Deno.makeTempDir();
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(join(root, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(root, path), text);
  }
  return root;
}

Deno.test("missingTests accepts a mirrored test, slow or not, and reports its absence", async () => {
  const root = await project({
    "src/gpu/a.ts": "export function a() {}",
    "src/gpu/b.ts": "export function b() {}",
    "src/gpu/c.ts": "export function c() {}",
    "src/gpu/types.ts": "export interface T {}",
    "tests/gpu/a_test.ts": "",
    "tests/gpu/b_slow_test.ts": "",
    "tests/nn/c_test.ts": "",
  });
  assert.deepEqual(await missingTests(root, []), [
    "src/gpu/c.ts exports code, but tests/gpu/c_test.ts does not exist.",
  ]);
  await Deno.remove(root, { recursive: true });
});

Deno.test("missingTests holds code of exact checks to a test, and no table", async () => {
  const root = await project({
    "experiments/exact/a.ts": "export function a() {}",
    "experiments/sdiet/exact/b.ts": "export function b() {}",
    "experiments/sdiet/table.ts": "export function c() {}",
    "tests/experiments/exact/a_test.ts": "",
  });
  assert.deepEqual(await missingTests(root, []), [
    "experiments/sdiet/exact/b.ts exports code, but tests/experiments/sdiet/exact/b_test.ts does not exist.",
  ]);
  await Deno.remove(root, { recursive: true });
});

Deno.test("missingTests honours an exception only while its test and its file exist", async () => {
  const root = await project({
    "src/methods/a.ts": "export function a() {}",
    "tests/methods/all_test.ts": "",
  });
  const folder = { path: "src/methods/", test: "tests/methods/all_test.ts", reason: "finds all" };
  assert.deepEqual(await missingTests(root, [folder]), []);
  assert.match(
    (await missingTests(root, [{ ...folder, test: "tests/gone_test.ts" }]))[0]!,
    /gone_test\.ts, which does not/,
  );
  const stale = { ...folder, path: "src/gone.ts" };
  assert.match(
    (await missingTests(root, [folder, stale]))[0]!,
    /src\/gone\.ts is excused but does not exist/,
  );
  await Deno.remove(root, { recursive: true });
});
