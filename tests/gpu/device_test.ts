import assert from "node:assert/strict";
import { AssayError } from "../../src/base/error.ts";
import { Device } from "../../src/gpu/device.ts";
import { plan } from "../../src/gpu/planner.ts";
import { Session } from "../../src/gpu/session.ts";
import { multiply } from "../../src/nn/ops/elementwise.ts";
import { Trace } from "../../src/nn/trace.ts";

const STORAGE = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;

/** Opens a device of its own, so that a test may break it, and closes it. */
async function withDevice(
  options: Parameters<typeof Device.open>[0],
  body: (device: Device) => Promise<void>,
) {
  const device = await Device.open(options);
  try {
    await body(device);
  } finally {
    device.close();
  }
}

/** A program with a result of n elements. */
function product(n: number): Trace {
  const t = new Trace();
  t.program.output(multiply(t, t.input("a", [n]), t.input("b", [n])));
  return t;
}

/** Makes the raw device report other limits; the driver keeps its own. */
function pretend(device: Device, limits: Partial<Record<keyof GPUSupportedLimits, number>>): void {
  const real = device.raw.limits;
  const changed = new Proxy(real, {
    get: (_target, name) => limits[name as keyof typeof limits] ?? Reflect.get(real, name, real),
  });
  Object.defineProperty(device.raw, "limits", { value: changed });
}

Deno.test("open says what it found, and every granted feature is asked for by name", async () => {
  await withDevice({}, async (device) => {
    const { fingerprint, capabilities, features, target } = device;
    assert.match(fingerprint.runtime, /^Deno \d/);
    assert.ok(fingerprint.description || fingerprint.device || fingerprint.vendor);
    assert.equal(capabilities.timestamps, features.includes("timestamp-query"));
    assert.ok([0, 4, 8].includes(target.lanes));
    if (capabilities.subgroupSize === 0) assert.equal(target.lanes, 0);
    assert.equal(device.allocatedBytes, 0);
    await Promise.resolve();
  });
  await withDevice({ subgroups: false }, async (device) => {
    assert.equal(device.capabilities.subgroupSize, 0);
    assert.equal(device.target.lanes, 0);
    await Promise.resolve();
  });
});

Deno.test("buffer and release keep a ledger by role and the peak", async () => {
  await withDevice({}, async (device) => {
    const a = await device.buffer("a", 1024, STORAGE, "params");
    const b = await device.buffer("b", 4096, STORAGE, "activations");
    assert.equal(device.allocated.params, 1024);
    assert.equal(device.allocatedBytes, 5120);
    device.release(b, "activations");
    device.release(a, "params");
    assert.equal(device.allocatedBytes, 0);
    assert.equal(device.peakBytes, 5120);
  });
});

Deno.test("buffer refuses what one buffer or the memory limit cannot hold", async () => {
  await withDevice({ memoryLimit: 10_000 }, async (device) => {
    const most = device.raw.limits.maxBufferSize;
    await assert.rejects(device.buffer("huge", most + 4, STORAGE, "params"), {
      name: "AssayError",
      message: `Cannot allocate "huge": a buffer may have ${most} bytes on this adapter, found ${
        most + 4
      } bytes; use a smaller batch, image or encoder.`,
    });
    const kept = await device.buffer("kept", 8000, STORAGE, "params");
    await assert.rejects(device.buffer("more", 2004, STORAGE, "params"), {
      name: "AssayError",
      message:
        'Cannot allocate "more" (2004 bytes): all buffers together must stay within the memory limit of 10000 bytes, found 8000 bytes allocated already; raise --memory-limit or use a smaller batch, image or encoder.',
    });
    assert.equal(device.allocatedBytes, 8000);
    device.release(kept, "params");
  });
});

Deno.test("bind past the memory limit gives everything back", async () => {
  const needed = plan(product(100_000).program);
  await withDevice({ memoryLimit: needed.peakBytes - 1 }, async (device) => {
    await assert.rejects(Session.bind(device, needed), /must stay within the memory limit/);
    assert.equal(device.allocatedBytes, 0);
    const smaller = await Session.bind(device, plan(product(1000).program));
    smaller.close();
  });
  await withDevice({ memoryLimit: needed.peakBytes }, async (device) => {
    const session = await Session.bind(device, needed);
    assert.equal(device.allocatedBytes, needed.peakBytes);
    session.close();
    assert.equal(device.allocatedBytes, 0);
  });
});

Deno.test("bind names a value larger than a binding or a buffer may be, and gives everything back", async () => {
  await withDevice({}, async (device) => {
    pretend(device, { maxStorageBufferBindingSize: 65536 });
    await assert.rejects(Session.bind(device, plan(product(20_000).program)), {
      name: "AssayError",
      message:
        'Cannot bind "a" [20000] to "a * b": a binding may have 65536 bytes on this adapter, found 80000 bytes; use a smaller batch, image or encoder.',
    });
    assert.equal(device.allocatedBytes, 0);
  });
  await withDevice({}, async (device) => {
    pretend(device, { maxBufferSize: 2 ** 20 });
    const big = plan(product(200_000).program);
    await assert.rejects(
      Session.bind(device, big),
      /Cannot allocate "arena:inputs": a buffer may have 1048576 bytes/,
    );
    assert.equal(device.allocatedBytes, 0);
  });
});

for (
  const [kind, expected] of [["out-of-memory", "out of memory"], [
    "validation",
    "the driver says no",
  ]] as const
) {
  Deno.test(`an allocation that fails in the driver (${kind}) is an error at once and gives everything back`, async () => {
    await withDevice({}, async (device) => {
      // Software drivers never run out of memory, so the failure is put into the third allocation's scopes.
      const { raw } = device;
      const scopes: string[] = [];
      const push = raw.pushErrorScope.bind(raw),
        pop = raw.popErrorScope.bind(raw),
        create = raw.createBuffer.bind(raw);
      let buffers = 0, destroyed = 0;
      raw.pushErrorScope = (filter) => {
        scopes.push(filter);
        push(filter);
      };
      raw.popErrorScope = async () => {
        const filter = scopes.pop();
        const real = await pop();
        return buffers === 3 && filter === kind ? { message: "the driver says no" } as GPUError : real;
      };
      raw.createBuffer = (descriptor) => {
        buffers++;
        const buffer = create(descriptor);
        const destroy = buffer.destroy.bind(buffer);
        buffer.destroy = () => {
          destroyed++;
          destroy();
        };
        return buffer;
      };
      await assert.rejects(Session.bind(device, plan(product(1000).program)), (error: unknown) => {
        assert.ok(error instanceof AssayError);
        assert.match(
          error.message,
          /^Cannot allocate ".+" \(\d+ bytes\): the driver must grant the buffer, found /,
        );
        assert.ok(error.message.includes(`found ${expected}; free memory on the adapter`));
        return true;
      });
      assert.equal(device.allocatedBytes, 0);
      assert.equal(buffers, 3);
      assert.equal(destroyed, 3, "the refused buffer is destroyed too");
    });
  });
}

Deno.test("a lost device is an error at the next operation, whichever it is", async () => {
  const operations: [string, (session: Session) => unknown][] = [
    ["replay a step", (s) => s.replay()],
    ['write "a" \\[64\\]', (s) => s.write([...s.plan.program.arenas[0]!.members][0]!, new Float32Array(64))],
    ['read "a" \\[64\\]', (s) => s.read([...s.plan.program.arenas[0]!.members][0]!)],
    ["finish the submitted steps", (s) => s.done()],
    ['allocate "x"', (s) => s.device.buffer("x", 16, STORAGE, "io")],
  ];
  for (const [operation, run] of operations) {
    await withDevice({}, async (device) => {
      const session = await Session.bind(device, plan(product(64).program));
      session.replay();
      await session.done();
      device.raw.destroy();
      await device.raw.lost;
      const expected = new RegExp(
        `^Cannot ${operation} on ".*": the device must be alive, found device lost \\(.+\\); start again; a run resumes from its last checkpoint\\.$`,
      );
      await assert.rejects(async () => await run(session), { name: "AssayError", message: expected });
      session.close();
      assert.equal(device.allocatedBytes, 0);
    });
  }
});

Deno.test("an error that the driver reports late comes up at the next operation", async () => {
  await withDevice({}, async (device) => {
    device.raw.createBuffer({
      label: "wrong",
      size: 16,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE,
    });
    await device.raw.queue.onSubmittedWorkDone();
    assert.throws(() => device.check("go on"), /^AssayError: Cannot go on: the driver reported ".+"\.$/);
    device.check("go on"); // reported once
  });
});

Deno.test("a closed device says so", async () => {
  const device = await Device.open();
  device.close();
  assert.throws(() => device.check("go on"), /found device lost \(closed\)/);
});
