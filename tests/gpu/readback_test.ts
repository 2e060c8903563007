import assert from "node:assert/strict";
import { Kernel } from "../../src/gpu/kernel.ts";
import { plan } from "../../src/gpu/planner.ts";
import { Program } from "../../src/gpu/program.ts";
import { Session } from "../../src/gpu/session.ts";
import { testDevice } from "../nn/check_op.ts";

const COUNTER = new Kernel(
  "counter",
  `@group(0) @binding(0) var<storage, read_write> y: array<f32>; // (300)
@group(0) @binding(1) var<storage, read_write> z: array<f32>; // (3)
@compute @workgroup_size(1)
fn main() { y[0] = y[0] + 1.0; y[299] = y[299] - 1.0; z[2] = z[2] + 2.0; }
`,
);

function counting(copies: number) {
  const program = new Program();
  const y = program.pinned(program.arena("state", "counter"), [300], "f32", "y");
  const z = program.pinned(program.arena("io", "other"), [3], "f32", "z");
  program.effect(
    "count",
    () => program.dispatch({ kernel: COUNTER, label: "count", update: { y, z }, workgroups: [1] }),
  );
  program.readback("counters", [y, z], copies);
  return program;
}

async function bound<T>(program: Program, body: (session: Session) => Promise<T>): Promise<T> {
  const gpu = await testDevice();
  const before = gpu.allocatedBytes;
  const session = await Session.bind(gpu, plan(program));
  try {
    assert.equal(gpu.allocatedBytes - before, session.plan.peakBytes, "planned and allocated");
    return await body(session);
  } finally {
    await Promise.all([...program.readbacks.keys()].map((name) => session.readback(name).idle()));
    session.close();
    assert.equal(gpu.allocatedBytes, before);
  }
}

Deno.test("a readback brings each step's values, taken late, with its buffers in the plan", async () => {
  await bound(counting(3), async (session) => {
    const readback = session.readback("counters");
    assert.ok(readback.immediate, "the pinned Deno gives mapped bytes before the promise resolves");
    const waiting: number[] = [];
    for (let step = 0; step < 12; step++) {
      session.replay();
      waiting.push(await readback.capture());
      if (waiting.length < 3) continue;
      const [y, z] = (await readback.take(waiting.shift()!)).map((bytes) => new Float32Array(bytes.buffer));
      assert.deepEqual([y!.length, y![0], y![299], z![2]], [300, step - 1, -(step - 1), 2 * (step - 1)]);
    }
  });
});

Deno.test("a readback refuses a copy over one not taken, an unpinned value, a name twice and a name unknown", async () => {
  const program = counting(2);
  const loose = program.value([3], "f32", "loose");
  assert.throws(() => program.readback("more", [loose], 1), /it must be pinned/);
  assert.throws(() => program.readback("counters", [], 1), /the name is taken/);
  await bound(program, async (session) => {
    const readback = session.readback("counters");
    await readback.capture();
    await readback.capture();
    await assert.rejects(readback.capture(), /at most 2 steps may wait/);
    assert.throws(() => session.readback("none"), /plans no readback of that name/);
  });
});
