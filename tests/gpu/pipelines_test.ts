import assert from "node:assert/strict";
import { Kernel } from "../../src/gpu/kernel.ts";
import { pipelineOf } from "../../src/gpu/pipelines.ts";
import { Program } from "../../src/gpu/program.ts";
import { testDevice } from "../nn/check_op.ts";

const source = (value: string) =>
  `alias V = f32;
const ADDED = 1u;
@group(0) @binding(0) var<storage, read_write> y: array<V>; // (4)
@compute @workgroup_size(1)
fn main() { y[0] = y[0] + V(ADDED) + ${value}; }
`;

function dispatchOf(kernel: Kernel, header: Readonly<Record<string, number>> = {}) {
  const program = new Program();
  const y = program.pinned(program.arena("state", "y"), [4], "f32", "y");
  program.effect(
    "add",
    () => program.dispatch({ kernel, header, label: "add", update: { y }, workgroups: [1] }),
  );
  return program.dispatches[0]!;
}

Deno.test("a device compiles a kernel once for each header and each source", async () => {
  const device = await testDevice();
  const kernel = new Kernel("adder", source("V(0)")), namesake = new Kernel("adder", source("V(1)"));
  const first = await pipelineOf(device, dispatchOf(kernel));
  assert.equal(await pipelineOf(device, dispatchOf(kernel)), first);
  const other = await pipelineOf(device, dispatchOf(kernel, { ADDED: 2 }));
  assert.notEqual(other, first);
  assert.notEqual(await pipelineOf(device, dispatchOf(namesake)), first);
});

Deno.test("a kernel that does not compile is named, every time", async () => {
  const device = await testDevice();
  const d = dispatchOf(new Kernel("broken", source("nothing")));
  for (let i = 0; i < 2; i++) {
    await assert.rejects(pipelineOf(device, d), /Cannot compile kernel "broken" for "add": /);
  }
});
