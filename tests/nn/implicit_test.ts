import assert from "node:assert/strict";
import { plan } from "../../src/gpu/planner.ts";
import { Session } from "../../src/gpu/session.ts";
import { HessianVector, RADIUS } from "../../src/nn/implicit.ts";
import { copy } from "../../src/nn/ops/elementwise.ts";
import { Trace } from "../../src/nn/trace.ts";
import {
  adapterProduct,
  directionOf,
  feedsOf,
  referenceProduct,
  relativeError,
  withCurvedNet,
} from "./curved_net.ts";

Deno.test("HessianVector agrees with f64 on a smooth network, and its truncation falls with the square of the step", async () => {
  await withCurvedNet(false, async (net, session) => {
    const limit = referenceProduct(net, await feedsOf(net, session), 1e-6);
    const errorAt = async (radius?: number) =>
      relativeError((await adapterProduct(net, session, radius)).product, limit);
    // Rounding of f32 is 1e-7 / radius, truncation about 25 radius^2, the reference good to 1e-4: each at most 1e-4 here,
    // rounding alone 1e-2 at the default.
    assert.ok(await errorAt(1e-3) < 3e-4);
    assert.ok(await errorAt() < 1e-7 / RADIUS * 2);
    const [near, far] = [await errorAt(1e-2), await errorAt(2e-2)];
    assert.ok(far / near > 3.2 && far / near < 4.8, `twice the step has ${far / near} times the error`);
  });
});

Deno.test("HessianVector agrees with f64 on a network with batch norm and ReLU", async () => {
  await withCurvedNet(true, async (net, session) => {
    const feeds = await feedsOf(net, session);
    const small = await adapterProduct(net, session);
    // No unit of this net changes sides within the default step, so the product is the exact one up to rounding.
    assert.ok(relativeError(small.product, referenceProduct(net, feeds, 1e-6)) < 1e-7 / RADIUS * 2);
    // Some do within a larger one; f64 sees the same jumps at the same step.
    const { product, eps } = await adapterProduct(net, session, 1e-3);
    assert.ok(relativeError(product, referenceProduct(net, feeds, eps)) < 1e-3);
  });
});

Deno.test("run restores parameters and leaves state alone, bit for bit, and repeats bitwise", async () => {
  await withCurvedNet(true, async (net, session) => {
    session.replay(); // running statistics away from their start
    const named = [...net.t.parameters.values(), ...net.t.states.values()].map(({ value }) => value);
    session.write(net.wrt[0]!, Float32Array.of(1e-40, -0)); // bits that arithmetic may lose
    const before = await Promise.all(named.map((v) => session.readU32(v)));
    const hv = await HessianVector.bind(session, net.trained);
    const run = async () => {
      hv.run(() => session.replay({ freeze: true }));
      return await Promise.all([...hv.product.values()].map((v) => hv.session.readU32(v)));
    };
    for (const w of net.wrt) hv.session.write(hv.direction.get(w.label)!, directionOf(w));
    const first = await run();
    assert.ok(first.some((tensor) => tensor.some((word) => word !== 0)));
    assert.deepEqual(await Promise.all(named.map((v) => session.readU32(v))), before);
    assert.deepEqual(await run(), first);
    hv.close();
  });
});

Deno.test("the same program replays from perturbed parameters with effects frozen", async () => {
  await withCurvedNet(true, async (net, session) => {
    const hv = await HessianVector.bind(session, net.trained);
    for (const w of net.wrt) hv.session.write(hv.direction.get(w.label)!, directionOf(w));
    // A program that borrows the parameters and copies them shows what the replay inside `run` saw.
    const peek = new Trace();
    peek.program.borrow(net.trained.params);
    const copies = net.wrt.map((w) => peek.program.output(copy(peek, w)));
    const peeking = await Session.bind(session.device, plan(peek.program), session);
    hv.run(() => {
      session.replay({ freeze: true });
      peeking.replay();
    });
    const perturbed = await Promise.all(copies.map((v) => peeking.read(v)));
    const seen = [net.loss, ...net.trained.grads.members];
    const inside = await Promise.all(seen.map((v) => session.read(v)));
    const mean = await session.read(net.runningMean);
    assert.notDeepEqual(await session.read(net.wrt[0]!), perturbed[0]);
    net.wrt.forEach((w, i) => session.write(w, perturbed[i]!));
    session.replay({ freeze: true });
    assert.deepEqual(await Promise.all(seen.map((v) => session.read(v))), inside);
    assert.deepEqual(await session.read(net.runningMean), mean);
    session.replay();
    assert.notDeepEqual(await session.read(net.runningMean), mean, "unfrozen, the statistics move");
    peeking.close();
    hv.close();
  });
});

Deno.test("parameters come back when a replay inside run throws", async () => {
  await withCurvedNet(true, async (net, session) => {
    const hv = await HessianVector.bind(session, net.trained);
    for (const w of net.wrt) hv.session.write(hv.direction.get(w.label)!, directionOf(w));
    const before = await Promise.all(net.wrt.map((w) => session.read(w)));
    assert.throws(() => hv.run(() => session.replay({ scalars: { nonsense: 1 } })), /no scalar "nonsense"/);
    assert.deepEqual(await Promise.all(net.wrt.map((w) => session.read(w))), before);
    hv.close();
  });
});

Deno.test("aimAtGradient takes the last gradient as the direction, and a direction of zeros gives zeros", async () => {
  await withCurvedNet(true, async (net, session) => {
    const hv = await HessianVector.bind(session, net.trained);
    hv.run(() => session.replay({ freeze: true }));
    for (const value of hv.product.values()) {
      assert.ok((await hv.session.read(value)).every((x) => x === 0));
    }
    session.replay({ freeze: true });
    hv.aimAtGradient();
    const { params, grads } = net.trained;
    const [first] = params.members;
    assert.deepEqual(
      await hv.session.read(hv.direction.get(first!.label)!),
      await session.read(grads.members[0]!),
    );
    hv.close();
  });
});

Deno.test("HessianVector closes what it allocated and nothing of the session it borrows from", async () => {
  await withCurvedNet(true, async (net, session) => {
    const before = session.device.allocatedBytes;
    const hv = await HessianVector.bind(session, net.trained);
    const own = hv.session.plan.peakBytes;
    assert.equal(session.device.allocatedBytes, before + own);
    hv.close();
    assert.equal(session.device.allocatedBytes, before);
    session.replay({ freeze: true });
    assert.ok(Number.isFinite((await session.read(net.loss))[0]));
  });
});
