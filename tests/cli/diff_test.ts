import assert from "node:assert/strict";
import { join } from "node:path";
import { run } from "../../src/cli/diff.ts";
import { made, writeRun } from "../record/recorded.ts";

/** Exit code and printed text of the command over two runs. */
async function call(a: ReturnType<typeof made>, b: ReturnType<typeof made>, ...flags: string[]) {
  const folder = await Deno.makeTempDir();
  const { log } = console;
  let out = "";
  console.log = (text: string) => out += text;
  try {
    await writeRun(join(folder, "a"), a);
    await writeRun(join(folder, "b"), b);
    return { code: await run([join(folder, "a"), join(folder, "b"), ...flags]), out };
  } finally {
    console.log = log;
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("diff exits with 0 for equal outcomes and with 1 for others", async () => {
  assert.equal((await call(made(), made())).code, 0);
  const { code, out } = await call(made(), made({ losses: [3, 2, 0] }));
  assert.equal(code, 1);
  assert.match(out, /^NONDETERMINISTIC/m);
});

Deno.test("diff --json prints verdict, cause and every difference", async () => {
  const { out } = await call(made(), made({ seed: 1 }), "--json");
  const d = JSON.parse(out);
  assert.deepEqual([d.verdict, d.cause], ["AUTHORED", "seed"]);
  assert.deepEqual(d.facets[1].differences, [{ what: "seed", a: "0", b: "1" }]);
});
