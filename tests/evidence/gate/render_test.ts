import assert from "node:assert/strict";
import { judge } from "../../../src/evidence/gate/judge.ts";
import { gateAnnotations, gateJunit, renderGate } from "../../../src/evidence/gate/render.ts";
import { baselines, measurement } from "./cases.ts";

const red = judge(measurement({ planBytes: 1_000_001, run: { peakBytes: 4999 } }), baselines());

Deno.test("renderGate ends with the verdict and puts red sentences last", () => {
  assert.match(renderGate(judge(measurement(), baselines())), /\nGreen: 5 rows, none red\.$/);
  const text = renderGate(red);
  assert.match(text, /\nIMPROVED sdiet peak bytes.*\nRED plan simclr.*\n\nRed: 1 of 5 rows\.$/);
});

Deno.test("gateJunit has a case a row, failed where red and skipped where nothing was judged", () => {
  assert.match(gateJunit(red), /tests="5" failures="1" errors="0" skipped="0"/);
  const unjudged = judge(measurement(), { plans: undefined, runs: new Map() });
  assert.match(gateJunit(unjudged), /tests="2" failures="0" errors="0" skipped="2"/);
});

Deno.test("gateAnnotations has an error for red, a notice for better and nothing for the rest", () => {
  assert.deepEqual(gateAnnotations(red).map((line) => line.split(" ")[0]), ["::error", "::notice"]);
  assert.deepEqual(gateAnnotations(judge(measurement(), baselines())), []);
});
