import assert from "node:assert/strict";
import { defaultProgram, planWithin, trades } from "../../src/gpu/budget.ts";
import { plan } from "../../src/gpu/planner.ts";
import { recompute } from "../../src/gpu/recompute.ts";
import { method as simclr } from "../../src/methods/simclr.ts";
import { method as supervised } from "../../src/methods/supervised.ts";
import { localSimclr } from "../nn/local_method.ts";
import { smallStep, trainedBits } from "../nn/trained_bits.ts";

Deno.test("trades have fewer bytes and more operations from one to the next, and all share the program's hash", async () => {
  const { program } = await smallStep(supervised, { recompute: false });
  const ways = trades(program);
  assert.ok(ways.length > 10, `${ways.length} ways`);
  ways.slice(1).forEach((way, i) => {
    assert.ok(way.live < ways[i]!.live && way.flops > ways[i]!.flops);
  });
  assert.equal(ways[0]!.flops, program.flops, "the first computes nothing again");
  assert.deepEqual([...new Set(ways.map((w) => w.program.hash()))], [recompute(program).hash()]);
});

Deno.test("planWithin: a larger budget never costs more operations, and every plan fits its budget", async () => {
  const { program } = await smallStep(supervised, { recompute: false });
  const all = plan(program).peakBytes;
  const least = Math.min(...trades(program).map((t) => plan(t.program).peakBytes));
  let before = Infinity;
  for (let budget = least; budget <= all * 1.05; budget += (all - least) / 6) {
    const { peakBytes, program: chosen } = planWithin(program, budget);
    assert.ok(peakBytes <= budget);
    assert.ok(chosen.flops <= before, `${budget} bytes: ${chosen.flops} operations after ${before}`);
    before = chosen.flops;
  }
  assert.equal(before, program.flops, "with room for everything nothing is computed again");
});

Deno.test("buildStep keeps a memory budget", async () => {
  const keptAll = await smallStep(supervised, { recompute: false });
  const { peakBytes, roles } = plan(keptAll.program);
  const budget = Math.floor(peakBytes - 0.3 * roles.activations);
  const { program } = await smallStep(supervised, { memoryBudget: budget });
  assert.ok(plan(program).peakBytes <= budget);
  assert.equal(program.hash(), (await smallStep(supervised)).program.hash());
});

Deno.test("planWithin names the least bytes of a step that fits no budget", async () => {
  const { program } = await smallStep(supervised, { recompute: false });
  assert.throws(() => planWithin(program, 2 ** 20), /memory budget of 1048576 bytes.*at least \d+ bytes/s);
});

for (const method of [supervised, simclr, localSimclr(2, 16)]) {
  Deno.test(`a memory budget changes no bit of ${method.name}: parameters, optimizer and statistics after two steps`, async () => {
    const keptAll = await smallStep(method, { recompute: false });
    const expected = await trainedBits(keptAll);
    const ways = trades(keptAll.program);
    // From a few values computed again to nearly all.
    for (const share of [0.25, 0.5, 1]) {
      const { program } = ways[Math.round(share * (ways.length - 1))]!;
      assert.ok(program.dispatches.length > keptAll.program.dispatches.length);
      assert.deepEqual(await trainedBits({ ...keptAll, program }), expected);
    }
  });
}

Deno.test("defaultProgram of one loss is recompute, of local losses the least bytes at little more arithmetic", async () => {
  const one = await smallStep(simclr, { recompute: false });
  assert.equal(defaultProgram(one.program).hash(), recompute(one.program).hash());
  const local = await smallStep(localSimclr(2, 16), { recompute: false });
  const usual = defaultProgram(local.program);
  assert.ok(usual.flops <= 1.02 * recompute(local.program).flops);
  assert.ok(plan(usual).peakBytes < plan(recompute(local.program)).peakBytes);
  assert.equal(usual.hash(), local.program.hash());
});
