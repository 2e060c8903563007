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

Deno.test("plan --memory-budget computes values again until the step fits, and says what it needs at least", async () => {
  const step = ["supervised", "--encoder", "tiny", "--batch", "64", "--image", "32"];
  const peak = async (...more: string[]): Promise<Record<string, number>> =>
    JSON.parse((await captured(() => run([...step, "--json", ...more]))).out);
  const kept = await peak("--no-recompute");
  const budget = Math.floor(0.7 * kept.peakBytes!);
  const fitted = await peak("--memory-budget", `${budget}B`);
  assert.ok(fitted.peakBytes! <= budget && fitted.flopsPerStep! >= kept.flopsPerStep!);
  assert.equal(fitted.programHash, (await peak()).programHash);
  await assert.rejects(
    captured(() => run([...step, "--memory-budget", "1MiB"])),
    /it needs at least \d+ bytes/,
  );
  await assert.rejects(
    captured(() => run([...step, "--memory-budget", "1MiB", "--no-recompute"])),
    /leave one of the two out/,
  );
});

Deno.test("plan --frontier names points with fewer bytes and more operations, and the whole curve as JSON", async () => {
  const step = ["supervised", "--encoder", "tiny", "--batch", "64", "--image", "32", "--frontier"];
  const { out } = await captured(() => run(step));
  for (const name of ["everything kept", "default", "at most 4 % more", "least"]) {
    assert.ok(out.includes(name), name);
  }
  const report = JSON.parse((await captured(() => run([...step, "--json"]))).out);
  const [kept, , ...others] = report.points as { peakBytes: number; moreFlops: number }[];
  assert.equal(kept!.moreFlops, 0);
  others.reduce((before, point) => {
    assert.ok(point.peakBytes <= before.peakBytes && point.moreFlops >= before.moreFlops);
    return point;
  });
  const curve = report.curve as { lowerBoundBytes: number; moreFlops: number }[];
  curve.slice(1).forEach((c, i) => assert.ok(c.lowerBoundBytes < curve[i]!.lowerBoundBytes));
});
