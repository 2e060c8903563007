import assert from "node:assert/strict";
import * as assay from "../mod.ts";

Deno.test("the example of the module's page runs as it stands", async () => {
  const page = await Deno.readTextFile(new URL("../mod.ts", import.meta.url));
  const code = /```ts\n([\s\S]*?)```/.exec(page)![1]!.replaceAll(/^ \* ?/gm, "");
  const body = code.replace(/^import .*$/m, "").replace("console.log(", "return (");
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as FunctionConstructor;
  const last = await new AsyncFunction("planReport", body)(assay.planReport) as number;
  assert.ok(Number.isInteger(last) && last > 0);
});
