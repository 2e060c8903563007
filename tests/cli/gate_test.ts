import assert from "node:assert/strict";
import { join } from "node:path";
import { run } from "../../src/cli/gate.ts";

Deno.test("gate --only plans stores, judges and reports the published steps without an adapter", async () => {
  const folder = await Deno.makeTempDir();
  const { log } = console;
  let out = "";
  console.log = (text: string) => out += `${text}\n`;
  const call = async (...flags: string[]) => {
    out = "";
    return await run(["--only", "plans", "--baselines", join(folder, "b"), ...flags]);
  };
  try {
    assert.equal(await call("--update"), 0);
    const path = join(folder, "b/plans.json");
    const stored = JSON.parse(await Deno.readTextFile(path));
    stored.plans.sdiet.peakBytes--;
    await Deno.writeTextFile(path, JSON.stringify(stored));
    assert.equal(await call("--junit", join(folder, "gate.xml"), "--annotations"), 1);
    assert.match(out, /^RED plan sdiet: .*bytes may not grow by one/m);
    assert.match(out, /^::error title=gate%3A plan sdiet/m);
    assert.match(await Deno.readTextFile(join(folder, "gate.xml")), /failures="1"/);
  } finally {
    console.log = log;
    await Deno.remove(folder, { recursive: true });
  }
});
