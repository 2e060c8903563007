import assert from "node:assert/strict";
import { fromTorch, storeFlat, torchShape, toTorch } from "../../src/nn/torch_layout.ts";
import { type ParameterKind, Trace } from "../../src/nn/trace.ts";

function tensor(kind: ParameterKind, shape: readonly number[]) {
  return { kind, value: new Trace().input("w", shape) };
}

Deno.test("toTorch moves every element of a convolution from HWIO to OIHW", () => {
  const [kh, kw, i, o] = [2, 3, 4, 5] as const;
  const w = tensor("conv", [kh, kw, i, o]);
  assert.deepEqual(torchShape(w), [o, i, kh, kw]);
  const ours = Float32Array.from({ length: kh * kw * i * o }, (_, n) => n);
  const theirs = toTorch(w, ours);
  for (let a = 0; a < kh; a++) {
    for (let b = 0; b < kw; b++) {
      for (let c = 0; c < i; c++) {
        for (let d = 0; d < o; d++) {
          assert.equal(theirs[((d * i + c) * kh + a) * kw + b], ours[((a * kw + b) * i + c) * o + d]);
        }
      }
    }
  }
});

Deno.test("fromTorch undoes toTorch for every kind, without changing its input", () => {
  for (const [kind, shape] of [["conv", [3, 1, 2, 4]], ["dense", [3, 5]], ["vector", [6]]] as const) {
    const w = tensor(kind, shape);
    const ours = Float32Array.from({ length: w.value.size }, (_, n) => n + 0.5);
    const before = ours.slice();
    const theirs = toTorch(w, ours);
    assert.deepEqual(fromTorch(w, theirs), ours);
    assert.deepEqual(ours, before);
  }
  assert.deepEqual([...toTorch(tensor("dense", [2, 3]), Float32Array.of(1, 2, 3, 4, 5, 6))], [
    1,
    4,
    2,
    5,
    3,
    6,
  ]);
});

Deno.test("storeFlat makes a convolution a matrix in the state dict, channels outermost", () => {
  const w = tensor("conv", [2, 2, 3, 4]);
  storeFlat(w.value);
  assert.deepEqual(torchShape(w), [4, 12]);
});

Deno.test("toTorch refuses a rank or a number of elements that does not fit", () => {
  assert.throws(() => toTorch(tensor("conv", [2, 2]), new Float32Array(4)), { name: "AssayError" });
  assert.throws(() => toTorch(tensor("dense", [2, 2]), new Float32Array(5)), { name: "AssayError" });
});
