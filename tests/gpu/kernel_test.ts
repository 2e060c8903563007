import assert from "node:assert/strict";
import { Kernel } from "../../src/gpu/kernel.ts";

const SOURCE = `//! use _math
// Something.
struct Params {
  n: u32, // elements
  shift: i32,
  s: f32,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<real>; // (n)
@group(0) @binding(2) var<storage, read_write> y: array<real>; // (n)

alias real = f32;
const TILE = 4u;
const HALF = TILE / 2u;
const SCALE: f32 = 1.5;

@compute @workgroup_size(64)
fn main() {
  //! unroll
  for (var i = 0u; i < TILE; i++) {
    //! unroll
    for (var j = 1u; j < HALF + 1u; j += 1u) {
      y[i * TILE + j] = x[i] * SCALE;
    }
  }
}
`;

Deno.test("expand puts preludes first and unrolls nested loops with their constants", () => {
  const text = new Kernel("k", SOURCE).expand();
  assert.ok(text.indexOf("fn is_nonfinite") < text.indexOf("struct Params"));
  assert.ok(!/\bfor \(var [ij]\b/.test(text.slice(text.indexOf("fn main"))));
  assert.equal(text.match(/const i = \du;/g)?.join(), [0, 1, 2, 3].map((i) => `const i = ${i}u;`).join());
  assert.equal(text.match(/const j = \du;/g)?.length, 8);
  assert.equal(text.match(/y\[i \* TILE \+ j\]/g)?.length, 8);
});

Deno.test("header values replace constants and aliases, and the bounds of unrolled loops follow", () => {
  const text = new Kernel("k", SOURCE).expand({ TILE: 6, SCALE: 2.25, real: "u32" });
  assert.match(text, /^const TILE = 6u;$/m);
  assert.match(text, /^const SCALE: f32 = 2.25;$/m);
  assert.match(text, /^alias real = u32;$/m);
  assert.equal(text.match(/y\[i \* TILE \+ j\]/g)?.length, 18);
});

Deno.test("asWritten leaves header and loops alone", () => {
  const text = new Kernel("k", SOURCE).asWritten();
  assert.ok(text.endsWith(SOURCE));
  assert.match(text, /fn ceil_div/);
});

Deno.test("interface lists bindings, uniform fields and the step uniform", () => {
  const plain = new Kernel("k", SOURCE).interface;
  assert.deepEqual([...plain.storage], [["x", 1], ["y", 2]]);
  assert.deepEqual(plain.uniform, {
    binding: 0,
    fields: [{ name: "n", type: "u32" }, { name: "shift", type: "i32" }, { name: "s", type: "f32" }],
  });
  assert.equal(plain.step, undefined);
  const stepping = new Kernel("k", SOURCE.replace("_math", "_math _step _spans _guard")).interface;
  assert.equal(stepping.step, 15);
  assert.deepEqual(stepping.uniform, plain.uniform);
  assert.equal(stepping.storage.get("spans"), 13);
  assert.equal(stepping.storage.get("guard"), 14);
});

Deno.test("usesSubgroups looks at the file, not at its preludes", () => {
  assert.equal(new Kernel("k", SOURCE).usesSubgroups, false);
  assert.equal(
    new Kernel("k", `${SOURCE}fn f(x: f32) -> f32 { return subgroupAdd(x); }`).usesSubgroups,
    true,
  );
});

Deno.test("a kernel names what is wrong with it", () => {
  const bad = (from: string | RegExp, to: string) => new Kernel("k", SOURCE.replace(from, to));
  assert.throws(() => bad("_math", "_maths").expand(), /kernel "k": unknown prelude "_maths"/);
  assert.throws(() => new Kernel("k", SOURCE).expand({ WIDTH: 2 }), /no header constant "WIDTH"/);
  assert.throws(
    () => bad("i < TILE", "i < p.n").expand(),
    /its bounds must be header constants, found 0 to NaN by 1/,
  );
  assert.throws(() => bad(/\}\s*\}\s*\}\s*$/, "").expand(), /a loop marked "unroll" has no end/);
  assert.throws(() => bad("read_write> x", "read> x").interface, /storage "x" must be read_write/);
});
