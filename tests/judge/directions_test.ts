import assert from "node:assert/strict";
import { parseEvent } from "../../src/record/events.ts";
import type { RecordedRun } from "../../src/record/recorded.ts";
import { checkDirections, judgeDirections, type Side } from "../../src/judge/directions.ts";

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
const ask = (above: Side | undefined, below: Side | undefined) =>
  checkDirections(settings, [{ id: "toy", question: "Is toy better?", above, below }])[0]!;
const source = { paper: "Toys" };
const claim = (above: Side | undefined, below: Side | undefined) =>
  judgeDirections(settings, [
    { id: "toy", statement: "toy is better", source, paraphrase: true, above, below },
  ])[0]!;

Deno.test("checkDirections: a difference that every seed shows holds, backwards it fails, one that seeds dispute is open", () => {
  const high = side("high", 40, 42, 41), low = side("low", 30, 31.5, 31.2);
  const held = ask(high, low);
  assert.equal(held.outcome, "holds");
  assert.match(held.inequality, /^high - low: .* > 0 \(one-sided, level 0\.05\)$/);
  assert.equal(held.question, "Is toy better?");
  assert.deepEqual([held.level, held.sides, held.p === held.pCorrected], [0.05, 1, true]);
  assert.equal(ask(low, high).outcome, "fails");
  assert.equal(ask(side("a", 30, 35, 25), side("b", 31, 29, 30)).outcome, "undecided");
});

Deno.test("judgeDirections: a claim made at full scale gets the direction that a small one shows and no verdict", () => {
  const result = claim(side("a", 40, 42, 41), side("b", 30, 31.5, 31.2));
  assert.equal(result.verdict, "NOT-COMPARABLE");
  assert.equal(result.direction, "supports");
  assert.deepEqual(result.differs, ["scale"]);
  assert.equal(result.statement, "toy is better");
  assert.ok(result.p! < 0.05);
});

Deno.test("what was not run is said to be so", () => {
  for (const missing of [undefined, side("none")]) {
    assert.equal(claim(missing, side("b", 1, 2, 3)).verdict, "NOT-RUN");
    assert.equal(ask(side("b", 1, 2, 3), missing).outcome, "not-run");
  }
});
