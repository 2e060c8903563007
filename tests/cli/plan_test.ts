import assert from "node:assert/strict";
import { run } from "../../src/cli/plan.ts";
import { captured } from "./captured.ts";

Deno.test("plan --json has the documented fields and nothing else on standard output", async () => {
  const { code, out } = await captured(() =>
    run(["supervised", "--encoder", "tiny", "--batch", "8", "--image", "32", "--json"])
  );
  assert.equal(code, 0);
  const report = JSON.parse(out) as Record<string, unknown>;
  for (const field of ["parameters", "peakBytes", "lowerBoundBytes", "flopsPerStep"]) {
    assert.ok(Number.isInteger(report[field]), field);
  }
  assert.match(report.programHash as string, /^[0-9a-f]{64}$/);
  assert.deepEqual(
    Object.keys(report.roles as object).sort(),
    ["activations", "grads", "io", "momentum", "optimizer", "params", "state"],
  );
});

Deno.test("plan prints roles, peak, bound and the largest values", async () => {
  const { out } = await captured(() =>
    run(["supervised", "--encoder", "tiny", "--batch", "8", "--image", "32"])
  );
  assert.match(out, /supervised, tiny, batch 8, 32x32, sgd: [\d,]+ parameters/);
  assert.match(out, /\| peak +\|/);
  assert.match(out, /No placement needs less than/);
});

Deno.test("plan refuses wrong numbers with one sentence", async () => {
  const { code, err } = await captured(() => run(["supervised", "--batch", "0"]));
  assert.equal(code, 2);
  assert.match(err, /--batch/);
});

Deno.test("plan --memory-limit fails past the limit with the two numbers, and refuses what is no size", async () => {
  const step = ["supervised", "--encoder", "tiny", "--batch", "8", "--image", "32"];
  await assert.rejects(
    captured(() => run([...step, "--memory-limit", "1MiB"])),
    /the peak must be at most 1\.00 MiB .* found \d/,
  );
  assert.equal((await captured(() => run([...step, "--memory-limit", "1GiB"]))).code, 0);
  assert.equal((await captured(() => run([...step, "--memory-limit", "big"]))).code, 2);
});
