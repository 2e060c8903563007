import assert from "node:assert/strict";
import { Kernel } from "../../src/gpu/kernel.ts";
import { plan } from "../../src/gpu/planner.ts";
import { Program } from "../../src/gpu/program.ts";
import {
  permutation,
  philox4x32,
  PhiloxStream,
  PURPOSE,
  uniform24,
  type Words2,
  type Words4,
} from "../../src/base/random.ts";
import { Session } from "../../src/gpu/session.ts";
import { testDevice } from "../nn/check_op.ts";

/** Known-answer vectors of Random123 (kat_vectors, philox4x32 with 10 rounds): counter, key, result. */
const VECTORS: readonly [Words4, Words2, Words4][] = [
  [[0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

Deno.test("philox4x32 gives Random123's known answers", () => {
  for (const [counter, key, expected] of VECTORS) assert.deepEqual(philox4x32(counter, key), [...expected]);
});

const SOURCE = `//! use _random
// One block a row, and its first word as a uniform.
@group(0) @binding(0) var<storage, read_write> rows: array<u32>; // (N, 6)
@group(0) @binding(1) var<storage, read_write> words: array<u32>; // (N, 4)
@group(0) @binding(2) var<storage, read_write> uniforms: array<f32>; // (N)

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let n = id.x;
  if (n >= arrayLength(&rows) / 6u) { return; }
  let counter = vec4<u32>(rows[6u * n], rows[6u * n + 1u], rows[6u * n + 2u], rows[6u * n + 3u]);
  let block = philox4x32(counter, vec2<u32>(rows[6u * n + 4u], rows[6u * n + 5u]));
  for (var i = 0u; i < 4u; i++) { words[4u * n + i] = block[i]; }
  uniforms[n] = uniform24(block.x);
}
`;

Deno.test("the WGSL prelude gives the same bits as TypeScript", async () => {
  const cases: [Words4, Words2][] = VECTORS.map(([counter, key]) => [counter, key]);
  const stream = new PhiloxStream([1, 2]);
  const word = () => stream.word();
  while (cases.length < 1000) cases.push([[word(), word(), word(), word()], [word(), word()]]);
  const data = Uint32Array.from(cases.flatMap(([counter, key]) => [...counter, ...key]));
  const program = new Program();
  const rows = program.pinned(program.arena("io", "inputs"), [cases.length, 6], "u32", "rows");
  const words = program.output(program.value([cases.length, 4], "u32", "words"));
  const uniforms = program.output(program.value([cases.length], "f32", "uniforms"));
  program.dispatch({
    kernel: new Kernel("random", SOURCE),
    label: "random",
    read: { rows },
    write: { words, uniforms },
    workgroups: [Math.ceil(cases.length / 64)],
  });
  const session = await Session.bind(await testDevice(), plan(program));
  try {
    session.write(rows, data);
    session.replay();
    const expected = cases.map(([counter, key]) => philox4x32(counter, key));
    assert.deepEqual(await session.readU32(words), Uint32Array.from(expected.flat()));
    assert.deepEqual(await session.read(uniforms), Float32Array.from(expected, (w) => uniform24(w[0])));
  } finally {
    session.close();
  }
});

Deno.test("uniform24 lies in [0, 1) and is exact in f32", () => {
  assert.equal(uniform24(0), 0);
  assert.equal(uniform24(0xffffffff), 1 - 2 ** -24);
  for (const word of [1, 255, 256, 0x12345678]) assert.equal(Math.fround(uniform24(word)), uniform24(word));
});

Deno.test("a stream depends on its key and place alone and has the moments of its distribution", () => {
  const take = (key: Words2, at: [number, number, number]) => {
    const stream = new PhiloxStream(key, at);
    return Array.from({ length: 8 }, () => stream.word());
  };
  assert.deepEqual(take([1, 2], [3, 4, 5]), take([1, 2], [3, 4, 5]));
  const others = [
    take([2, 2], [3, 4, 5]),
    take([1, 3], [3, 4, 5]),
    take([1, 2], [4, 4, 5]),
    take([1, 2], [3, 5, 5]),
  ];
  for (const other of others) assert.notDeepEqual(other, take([1, 2], [3, 4, 5]));
  const stream = new PhiloxStream([7, 7]);
  const n = 40000;
  const normals = Array.from({ length: n }, () => stream.normal());
  const mean = normals.reduce((a, b) => a + b) / n;
  const variance = normals.reduce((a, b) => a + b * b) / n;
  // Five standard errors: 1 / sqrt(n) of the mean, sqrt(2 / n) of the variance.
  assert.ok(Math.abs(mean) < 5 / Math.sqrt(n));
  assert.ok(Math.abs(variance - 1) < 5 * Math.sqrt(2 / n));
  const counts = [0, 0, 0];
  for (let i = 0; i < 30000; i++) counts[stream.below(3)]!++;
  // Binomial(30000, 1/3) has a standard deviation of 82.
  for (const count of counts) assert.ok(Math.abs(count - 10000) < 5 * 82, `${counts}`);
});

Deno.test("permutation holds every index once and depends on seed and epoch", () => {
  const p = permutation(1000, 5, 0);
  assert.deepEqual([...p].sort((a, b) => a - b), Array.from({ length: 1000 }, (_, i) => i));
  assert.deepEqual(p, permutation(1000, 5, 0));
  assert.notDeepEqual(p, permutation(1000, 5, 1));
  assert.notDeepEqual(p, permutation(1000, 6, 0));
});

Deno.test("purposes have numbers of their own", () => {
  const numbers = Object.values(PURPOSE);
  assert.equal(new Set(numbers).size, numbers.length);
});
