import assert from "node:assert/strict";
import { parseEvent } from "../../src/record/events.ts";
import type { RecordedRun } from "../../src/record/recorded.ts";
import { type Direction, judgeDirections, type Side } from "../../src/judge/directions.ts";

const hash = "a".repeat(64);

function runOf(seed: number): RecordedRun {
  const start = {
    ...{
      event: "run-start",
      method: "toy",
      seed,
      steps: 1,
      stepsPerEpoch: 1,
      batch: 8,
      program: hash,
      state: hash,
    },
    data: { test: { name: "shapes", split: "test", images: 2000, pixels: hash, list: hash } },
  };
  const event = parseEvent({ spec: hash, seq: 0, time: "2026-01-01T00:00:00.000Z", ...start }, "here");
  return { name: `toy-seed${seed}`, spec: { seed }, events: [event] };
}

const side = (name: string, ...values: number[]): Side => ({
  name,
  runs: values.map((_, seed) => runOf(seed)),
  values,
});
const settings = { scale: "mini", dataset: "shapes", methods: ["toy"], seeds: [0, 1, 2] } as const;
const claim = (
  above: Side | undefined,
  below: Side | undefined,
  scale: Direction["scale"] = "mini",
): Direction => ({
  id: "toy",
  statement: "toy is better",
  scale,
  above,
  below,
});
const only = (direction: Direction) => judgeDirections(settings, [direction])[0]!;

Deno.test("a difference that every seed shows holds, the same backwards fails, one that seeds dispute is open", () => {
  const high = side("high", 40, 42, 41), low = side("low", 30, 31.5, 31.2);
  const held = only(claim(high, low));
  assert.equal(held.verdict, "REPRODUCED");
  assert.match(held.inequality, /^high - low: .* > 0$/);
  assert.equal(held.statement, "toy is better");
  assert.equal(only(claim(low, high)).verdict, "BELOW");
  assert.equal(only(claim(side("a", 30, 35, 25), side("b", 31, 29, 30))).verdict, "INCONCLUSIVE");
});

Deno.test("a claim made at full scale gets the direction that a small one shows and no verdict", () => {
  const result = only(claim(side("a", 40, 42, 41), side("b", 30, 31.5, 31.2), "paper"));
  assert.equal(result.verdict, "NOT-COMPARABLE");
  assert.match(
    result.statement,
    /^toy is better\. Direction only, at a reduced scale: this run supports it$/,
  );
});

Deno.test("what was not run is said to be so", () => {
  for (const missing of [undefined, side("none")]) {
    assert.equal(only(claim(missing, side("b", 1, 2, 3))).verdict, "NOT-RUN");
    assert.equal(only(claim(side("b", 1, 2, 3), missing)).verdict, "NOT-RUN");
  }
});
