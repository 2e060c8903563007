import assert from "node:assert/strict";
import { linearEncoder } from "../../../src/nn/encoders/linear.ts";
import { interpret } from "../../../src/nn/interpret.ts";
import { Scope } from "../../../src/nn/scope.ts";
import { Trace } from "../../../src/nn/trace.ts";

Deno.test("linearEncoder is one matrix on the flattened pixels", () => {
  const t = new Trace();
  const encoder = linearEncoder(Scope.root(t), { image: 2, dims: [2] });
  assert.deepEqual([...t.parameters.keys()], ["layer.weight"]);
  const images = t.input("images", [1, 2, 2, 3]);
  const f = encoder.apply(images);
  const pixels = Array.from({ length: 12 }, (_, i) => i + 1);
  const weight = pixels.flatMap((_, i) => [i === 4 ? 1 : 0, 0.5]); // column 0 picks pixel 4, column 1 averages
  const [y] = interpret(t, new Map([[images, pixels], [t.parameters.get("layer.weight")!.value, weight]]), [
    f,
  ]);
  assert.deepEqual([...y!], [5, 39]);
});
