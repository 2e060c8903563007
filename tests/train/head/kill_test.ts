import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { PhiloxStream } from "../../../src/base/random.ts";
import { HeadStore } from "../../../src/train/head/store.ts";
import { checkpointOf, rowsAfter, SPEC, storePath } from "./store_run.ts";

const script = fileURLToPath(new URL("./store_run.ts", import.meta.url));

Deno.test("a store killed at 20 random points comes back at its checkpoint bit for bit and goes on", async () => {
  const folder = await Deno.makeTempDir();
  const random = new PhiloxStream([Date.now() >>> 0, 0]);
  const all = Array.from({ length: SPEC.rows }, (_, i) => i);
  const first = await HeadStore.create(storePath(folder), SPEC);
  const { data: start } = await first.load(all);
  await first.close();
  const reached: number[] = [];
  let window = 60; // milliseconds; longer after a trial that got nowhere, for slow and busy machines
  try {
    for (let trial = 0; trial < 20; trial++) {
      const child = new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--quiet",
          "--no-check",
          "--no-prompt",
          "--allow-read",
          "--allow-write",
          "--allow-env",
          script,
          folder,
        ],
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const output = child.stdout.getReader();
      await output.read(); // "started"
      await new Promise((done) => setTimeout(done, window * random.uniform()));
      child.kill("SIGKILL");
      const [{ signal }, errors] = await Promise.all([child.status, new Response(child.stderr).text()]);
      output.releaseLock();
      await child.stdout.cancel();
      assert.equal(signal, "SIGKILL", errors);
      const step = checkpointOf(folder);
      window = step > (reached.at(-1) ?? 0) ? 60 : 1.5 * window;
      reached.push(step);
      if (step === 0) continue; // killed before its first checkpoint: it starts anew
      const store = await HeadStore.at(storePath(folder), SPEC, step);
      try {
        assert.deepEqual(
          (await store.load(all)).data,
          rowsAfter(step, start),
          `trial ${trial}, step ${step}`,
        );
      } finally {
        await store.close();
      }
    }
    assert.ok(reached.at(-1)! > 0, `steps reached: ${reached}`);
    for (let i = 1; i < reached.length; i++) assert.ok(reached[i]! >= reached[i - 1]!, `${reached}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
