import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { readReport } from "../../src/nn/metrics.ts";
import { bindMomentumStep, momentumStep, replaySteps, stateHash } from "./momentum_step.ts";

const script = fileURLToPath(new URL("./momentum_step.ts", import.meta.url));

/** What the step's script prints in a process of its own. */
async function run(flags: readonly string[], args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--no-prompt",
      "--allow-read",
      "--allow-env",
      ...flags,
      script,
      ...args,
    ],
    stdout: "piped",
    stderr: "piped",
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

/** Parameters and state after 20 steps in this process. */
async function twentySteps(): Promise<string> {
  const step = momentumStep();
  const session = await bindMomentumStep(step);
  try {
    replaySteps(step, session, 0, 20);
    const { metrics, fault } = await readReport(session, step.trace, 12, 20);
    assert.equal(fault, undefined);
    assert.ok(
      metrics.loss!.every(Number.isFinite) && new Set(metrics.loss).size > 1,
      `losses ${metrics.loss}`,
    );
    return await stateHash(step, session);
  } finally {
    session.close();
  }
}

Deno.test("two sessions and another process give the same bits after 20 steps", async () => {
  const first = await twentySteps();
  assert.equal(await twentySteps(), first);
  assert.equal(await run([], []), first);
});

Deno.test("state hashes see one changed bit", async () => {
  const step = momentumStep();
  const session = await bindMomentumStep(step);
  const before = await stateHash(step, session);
  const gamma = step.trace.parameters.get("gamma")!.value;
  session.write(gamma, Float32Array.of(1 + 2 ** -23));
  assert.notEqual(await stateHash(step, session), before);
  session.close();
});

Deno.test("1,000 replays leave allocated bytes and process memory where they were", async () => {
  const grown = JSON.parse(await run(["--v8-flags=--expose-gc"], ["growth"]));
  assert.equal(grown.allocated, 0);
  assert.equal(grown.peak, 0);
  // The runtime frees a submitted encoder (about 3 KiB) when V8 collects, so the script collects. What stays is the
  // allocator's wandering: flat within 1.3 MiB over 10,000 replays, up to 2.5 MiB on a busy machine. The bound of 4 MiB
  // finds a leak of 4 KiB a replay, a few bind groups.
  assert.ok(grown.resident < 4 * 2 ** 20, `resident memory grew by ${grown.resident} bytes`);
});
