import assert from "node:assert/strict";
import { distance, sampleDistance, signed, SKETCH, sketch, type Summary } from "./hashed.ts";
import { readFixture } from "./encoders/check_encoder.ts";

function summaryOf(name: string, values: ArrayLike<number>): Summary {
  return { name, shape: [values.length], norm: 0, sketch: [...sketch(name, values)], sample: [] };
}

Deno.test("distance sees one wrong element exactly and estimates the norm of many", () => {
  const values = signed("w", 50_000);
  const summary = summaryOf("w", values);
  assert.ok(distance(values, summary) < 1e-9);
  const one = values.slice();
  one[12_345]! += 1e-3;
  assert.ok(Math.abs(distance(one, summary) - 1e-3) < 1e-9);
  const noise = signed("noise", values.length);
  const many = values.map((v, i) => v + 1e-3 * noise[i]!);
  const norm = 1e-3 * Math.sqrt(noise.reduce((s, v) => s + v * v, 0));
  // The squared estimate has a relative deviation of sqrt(2/64) = 0.18: four of them.
  assert.ok(Math.abs(distance(many, summary) ** 2 / norm ** 2 - 1) < 4 * Math.sqrt(2 / SKETCH));
});

Deno.test("distance and sampleDistance tell a gradient of PyTorch from the same with two elements swapped", async () => {
  const f = await readFixture<{ gradients: Summary[] }>("encoders/tiny.json");
  const bias = f.gradients.find((g) => g.name === "fc.bias")!;
  assert.equal(bias.sample.length, 10, "the whole of a short tensor is in the fixture");
  const exact = Float64Array.from(bias.sample);
  assert.ok(distance(exact, bias) < 1e-8 * bias.norm);
  assert.equal(sampleDistance(exact, bias), 0);
  const swapped = exact.slice();
  [swapped[0], swapped[1]] = [exact[1]!, exact[0]!];
  assert.ok(distance(swapped, bias) > 1e-3 * bias.norm);
  assert.ok(sampleDistance(swapped, bias) > 1e-3 * bias.norm);
});
