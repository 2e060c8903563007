import assert from "node:assert/strict";
import { PORTABLE } from "../../src/gpu/program.ts";
import { programHash } from "../../src/gpu/program_hash.ts";
import { add, multiply, scale } from "../../src/nn/ops/elementwise.ts";
import { Trace, type Value } from "../../src/nn/trace.ts";

function hashOf(
  body: (t: Trace, a: Value, b: Value) => unknown,
  names = ["a", "b"],
  lanes: 0 | 8 = 0,
): string {
  const t = new Trace({ target: { ...PORTABLE, lanes } });
  const [a, b] = names.map((name) => t.input(name, [8])) as [Value, Value];
  body(t, a, b);
  return programHash(t.program);
}

Deno.test("a program's hash is the same for the same computation, whatever its labels", () => {
  const base = hashOf((t, a, b) => add(t, a, b));
  assert.equal(hashOf((t, a, b) => add(t, a, b), ["first", "second"]), base);
});

Deno.test("a program's hash changes with the op, its operands' places, its numbers and its constants", () => {
  const hashes = [
    hashOf((t, a, b) => add(t, a, b)),
    hashOf((t, a, b) => add(t, b, a)),
    hashOf((t, a, b) => multiply(t, a, b)),
    hashOf((t, a) => scale(t, a, 2)),
    hashOf((t, a) => scale(t, a, 2.0000002384185791)),
    hashOf((t, a) => (t.program.constant("c", Uint32Array.of(1)), scale(t, a, 2))),
    hashOf((t, a) => (t.program.constant("c", Uint32Array.of(2)), scale(t, a, 2))),
  ];
  assert.equal(new Set(hashes).size, hashes.length);
});
