import assert from "node:assert/strict";
import { Device } from "../../src/gpu/device.ts";
import { Kernel } from "../../src/gpu/kernel.ts";
import { plan } from "../../src/gpu/planner.ts";
import { Program } from "../../src/gpu/program.ts";
import { Session } from "../../src/gpu/session.ts";
import { copy, multiply, scale } from "../../src/nn/ops/elementwise.ts";
import { mean } from "../../src/nn/ops/reduce.ts";
import { Trace } from "../../src/nn/trace.ts";
import { randomData, testDevice } from "../nn/check_op.ts";

const COUNTER = new Kernel(
  "counter",
  `//! use _step
@group(0) @binding(0) var<storage, read_write> y: array<f32>; // (4)
const slot_f = 0u;
const slot_u = 1u;
@compute @workgroup_size(1)
fn main() { y[0] = y[0] + step_f32(slot_f); y[1] = f32(step_u32(slot_u)); }
`,
);

/** A program whose one effect counts up by a step scalar. */
function counting() {
  const program = new Program();
  const y = program.pinned(program.arena("state", "counter"), [4], "f32", "y");
  program.scalar("by");
  program.scalar("number.u32");
  program.effect(
    "count",
    () => program.dispatch({ kernel: COUNTER, label: "count", update: { y }, workgroups: [1] }),
  );
  return { program, y };
}

async function bound<T>(program: Program, body: (session: Session) => Promise<T>): Promise<T> {
  const session = await Session.bind(await testDevice(), plan(program));
  try {
    return await body(session);
  } finally {
    session.close();
  }
}

Deno.test("replay gives step scalars as floats and integers, and freezes effects by name or all", async () => {
  const { program, y } = counting();
  await bound(program, async (session) => {
    const at = (by: number, n: number) => ({ scalars: { by, "number.u32": n } });
    session.replay(at(0.5, 4_000_000));
    session.replay(at(0.25, 7));
    assert.deepEqual([...await session.read(y)].slice(0, 2), [0.75, 7]);
    session.replay({ ...at(9, 9), freeze: ["count"] });
    session.replay({ ...at(9, 9), freeze: true });
    assert.deepEqual([...await session.read(y)].slice(0, 2), [0.75, 7]);
    session.replay({ ...at(1, 1), freeze: ["other"] });
    assert.deepEqual([...await session.read(y)].slice(0, 2), [1.75, 1]);
  });
});

Deno.test("replay names an unknown and a missing scalar", async () => {
  const { program } = counting();
  await bound(program, async (session) => {
    assert.throws(() => session.replay({ scalars: { by: 1, "number.u32": 1, lr: 0 } }), {
      name: "AssayError",
      message: 'Cannot replay the step: it has no scalar "lr", it has by, number.u32.',
    });
    assert.throws(() => session.replay({ scalars: { by: 1 } }), /scalar "number.u32" must be given/);
    await Promise.resolve();
  });
});

Deno.test("write and read go to whole values, parts and arenas, and name data that does not fit", async () => {
  const t = new Trace();
  const a = t.input("a", [300]);
  const b = t.input("b", [5]);
  t.program.output(copy(t, a));
  await bound(t.program, async (session) => {
    const data = randomData(300, 1);
    session.write(a, data);
    session.write(b, Float32Array.of(1, 2, 3, 4, 5));
    session.write(b, Float32Array.of(9), 8);
    assert.deepEqual(await session.read(a), data);
    assert.deepEqual([...await session.read(b)], [1, 2, 9, 4, 5]);
    const whole = await session.read(a.arena!);
    assert.deepEqual(whole.subarray(0, 300), data);
    const part = new Float32Array((await session.readBytes(a, 400, 80)).buffer);
    assert.deepEqual(part, data.subarray(100, 120));
    assert.throws(() => session.write(b, new Float32Array(6)), {
      message: 'Cannot write "b" [5]: it holds 20 bytes, the data ends at byte 24.',
    });
    assert.throws(
      () => session.write(b, new Float32Array(1), 20),
      /it holds 20 bytes, the data ends at byte 24/,
    );
  });
});

Deno.test("reads past the staging buffer's size come in order, also when several are asked for at once", async () => {
  const t = new Trace();
  const a = t.input("a", [700_001]);
  const b = t.input("b", [300]);
  t.program.output(copy(t, b));
  await bound(t.program, async (session) => {
    const [x, y] = [randomData(700_001, 2), randomData(300, 3)];
    session.write(a, x);
    session.write(b, y);
    const [gotA, gotB] = await Promise.all([session.read(a), session.read(b)]);
    assert.deepEqual(gotA, x);
    assert.deepEqual(gotB, y);
  });
});

Deno.test("a closed session refuses to work, and closing twice is one close", async () => {
  const { program, y } = counting();
  const device = await testDevice();
  const before = device.allocatedBytes;
  const session = await Session.bind(device, plan(program));
  session.close();
  session.close();
  assert.equal(device.allocatedBytes, before);
  assert.throws(() => session.replay({ scalars: { by: 1, "number.u32": 1 } }), /the session is closed/);
  assert.throws(() => session.write(y, new Float32Array(4)), /the session is closed/);
  await assert.rejects(session.read(y), /the session is closed/);
});

Deno.test("planned bytes are allocated bytes, in sum and by role", async () => {
  const device = await Device.open();
  const t = new Trace();
  const a = t.input("a", [1000]);
  const w = t.program.pinned(t.program.arena("params", "w"), [1000], "f32", "w");
  t.program.output(mean(t, multiply(t, scale(t, a, 2), w)));
  const planned = plan(t.program);
  const session = await Session.bind(device, planned);
  assert.equal(device.allocatedBytes, planned.peakBytes);
  assert.equal(device.peakBytes, planned.peakBytes);
  assert.deepEqual(device.allocated, planned.roles);
  session.replay();
  await session.done();
  assert.equal(device.peakBytes, planned.peakBytes);
  session.close();
  device.close();
});

Deno.test("bind names a kernel that does not compile and gives everything back", async () => {
  const device = await testDevice();
  const before = device.allocatedBytes;
  const program = new Program();
  const y = program.pinned(program.arena("state", "s"), [4], "f32", "y");
  const broken = new Kernel(
    "broken",
    "@group(0) @binding(0) var<storage, read_write> y: array<f32>;\n@compute @workgroup_size(1) fn main() { y[0] = 1u; }",
  );
  program.effect(
    "e",
    () => program.dispatch({ kernel: broken, label: "bad", update: { y }, workgroups: [1] }),
  );
  await assert.rejects(Session.bind(device, plan(program)), /Cannot compile kernel "broken" for "bad": /);
  assert.equal(device.allocatedBytes, before);
});

Deno.test("a borrowing program reads and changes the lender's arena and must be given its lender", async () => {
  const { program, y } = counting();
  const borrower = new Trace();
  borrower.program.borrow(y.arena!);
  const doubled = borrower.program.output(scale(borrower, y, 2));
  const device = await testDevice();
  const lender = await Session.bind(device, plan(program));
  const planned = plan(borrower.program);
  assert.equal(planned.roles.state, 0, "borrowed bytes count for the owner");
  await assert.rejects(
    Session.bind(device, planned),
    /borrows arena "counter": the session that owns it must be given/,
  );
  const before = device.allocatedBytes;
  const session = await Session.bind(device, planned, lender);
  assert.equal(device.allocatedBytes, before + planned.peakBytes);
  lender.replay({ scalars: { by: 3, "number.u32": 0 } });
  session.replay();
  assert.equal((await session.read(doubled))[0], 6);
  session.write(y, Float32Array.of(10));
  assert.equal((await lender.read(y))[0], 10);
  lender.close();
  assert.throws(() => session.replay(), /the session that lends it arenas is closed/);
  session.close();
  assert.throws(() => program.borrow(y.arena!), /has an arena of that name already/);
  assert.equal(borrower.program.borrow(y.arena!), y.arena, "borrowing again changes nothing");
});
