import assert from "node:assert/strict";
import { compileUnderNaga, complaints, variants } from "../../tools/check_kernels.ts";

const loop = `const N = 2u;
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@compute @workgroup_size(1) fn main() {
  //! unroll
  for (var i = 0u; i < N; i++) {
    x[i] = 2.0;
  }
}
`;

Deno.test("variants gives the text as written, and the expanded one where it differs", () => {
  assert.deepEqual(variants("loop", loop).map((v) => v.name), ["loop as written", "loop expanded"]);
  assert.doesNotMatch(variants("loop", loop)[1]!.code, /for \(/);
  assert.deepEqual(variants("flat", "fn f() {}").map((v) => v.name), ["flat as written"]);
});

Deno.test("compileUnderNaga accepts good kernels, subgroup functions included, and reports a broken one", async () => {
  const subgroups = "@compute @workgroup_size(8) fn main() { _ = subgroupAdd(1.0); }";
  const reports = await compileUnderNaga([
    ...variants("loop", loop),
    { name: "subgroups", code: subgroups },
    { name: "broken", code: "fn f() -> u32 { return 1.5; }" },
  ]);
  const found = complaints("naga", reports);
  assert.equal(found.length, 1);
  assert.match(found[0]!, /^naga rejects broken: /);
});

Deno.test("complaints places errors and leaves warnings out", () => {
  const message = { line: 3, column: 7, text: "no" };
  assert.deepEqual(
    complaints("Tint", [{
      name: "k",
      messages: [{ type: "warning", ...message }, { type: "error", ...message }],
    }]),
    ["Tint rejects k at line 3, column 7: no"],
  );
});
