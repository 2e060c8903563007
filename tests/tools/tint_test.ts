import assert from "node:assert/strict";
import { AssayError } from "../../src/base/error.ts";
import { compileUnderTint } from "../../tools/tint.ts";

const good = `@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@compute @workgroup_size(64) fn double(@builtin(global_invocation_id) id: vec3<u32>) { x[id.x] = 2.0 * x[id.x]; }`;

const withSubgroups = `enable subgroups;
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@compute @workgroup_size(64) fn sum(@builtin(global_invocation_id) id: vec3<u32>) { x[id.x] = subgroupAdd(x[id.x]); }`;

Deno.test("compileUnderTint accepts good shaders, subgroups included, and places the error of a broken one", async () => {
  const reports = await compileUnderTint([
    { name: "good", code: good },
    { name: "broken", code: `${good}\nfn broken() -> u32 { return 1.5; }` },
    { name: "subgroups", code: withSubgroups },
    // naga accepts subgroup functions without the directive, Tint must not.
    { name: "undeclared", code: withSubgroups.replace("enable subgroups;", "") },
  ]);
  assert.deepEqual(reports.map((r) => r.name), ["good", "broken", "subgroups", "undeclared"]);
  const errors = reports.map((r) => r.messages.filter((m) => m.type === "error"));
  assert.deepEqual(errors[0], []);
  assert.equal(errors[1]!.length, 1);
  assert.equal(errors[1]![0]!.line, 3);
  assert.deepEqual(errors[2], []);
  assert.match(errors[3]![0]!.text, /subgroups/);
});

Deno.test("compileUnderTint names the package when Chromium is missing", async () => {
  await assert.rejects(compileUnderTint([], { chromium: "/nonexistent/chromium" }), (error) => {
    assert.ok(error instanceof AssayError);
    assert.match(error.message, /"\/nonexistent\/chromium".*install Debian's package chromium/);
    return true;
  });
});

Deno.test("compileUnderTint reports a browser that ends without an answer", async () => {
  await assert.rejects(compileUnderTint([], { chromium: "/bin/false" }), /ended early with 1/);
});
