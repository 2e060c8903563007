import assert from "node:assert/strict";
import { plan } from "../../src/gpu/planner.ts";
import { Session } from "../../src/gpu/session.ts";
import { encoderByName } from "../../src/nn/encoders/table.ts";
import { classifier } from "./encoders/classifier.ts";
import { SafetensorsFile } from "../../src/nn/safetensors.ts";
import { Scope } from "../../src/nn/scope.ts";
import { initialise } from "../../src/nn/state.ts";
import { below, loadTorch, saveTorch } from "../../src/nn/torch_checkpoint.ts";
import { Trace, type Value } from "../../src/nn/trace.ts";
import { testDevice } from "./check_op.ts";
import { readFixture } from "./encoders/check_encoder.ts";
import { distance, signed, type Summary } from "./hashed.ts";

interface Fixture {
  readonly width: number;
  readonly batch: number;
  readonly image: number;
  readonly classes: number;
  readonly features: Summary;
}

const FILE = new URL("../fixtures/encoders/resnet18_torch.safetensors", import.meta.url).pathname;

interface Net {
  readonly t: Trace;
  readonly images: Value;
  readonly features: Value;
}

/** The fixture's ResNet-18 in evaluation mode, below `prefix`. */
function resnet18(f: Fixture, target: Trace["program"]["target"], prefix = "", width = f.width): Net {
  const t = new Trace({ target });
  const root = Scope.root(t, {}, "eval");
  const s = prefix ? root.child(prefix) : root;
  const encoder = encoderByName("resnet18", s, { width, image: f.image, stem: "imagenet" });
  const images = t.input("images", [f.batch, f.image, f.image, 3]);
  const features = t.program.output(encoder.apply(images));
  classifier(s, encoder, f.classes)(features);
  return { t, images, features };
}

async function withNet(net: Net, body: (session: Session) => Promise<void>): Promise<void> {
  const session = await Session.bind(await testDevice(), plan(net.t.program));
  try {
    initialise(session, net.t, 1);
    await body(session);
  } finally {
    session.close();
  }
}

Deno.test("loadTorch takes a ResNet-18 that PyTorch wrote; its features agree to 1e-5", async () => {
  const f = await readFixture<Fixture>("encoders/resnet18_torch.json");
  const net = resnet18(f, (await testDevice()).target, "encoder");
  await withNet(net, async (session) => {
    loadTorch(FILE, session, net.t, { rename: below("encoder.") });
    session.write(net.images, Float32Array.from(signed("images", net.images.size)));
    session.replay();
    const error = distance(await session.read(net.features), f.features) / f.features.norm;
    assert.ok(error <= 1e-5, `relative error ${error}`);
  });
});

Deno.test("saveTorch writes back the file that loadTorch read, but for the batch counters", async () => {
  const f = await readFixture<Fixture>("encoders/resnet18_torch.json");
  const net = resnet18(f, (await testDevice()).target);
  const folder = await Deno.makeTempDir();
  try {
    await withNet(net, async (session) => {
      loadTorch(FILE, session, net.t);
      await saveTorch(`${folder}/again.safetensors`, session, net.t);
    });
    using theirs = SafetensorsFile.open(FILE);
    using ours = SafetensorsFile.open(`${folder}/again.safetensors`);
    const expected = theirs.entries.filter((e) => !e.name.endsWith("num_batches_tracked"));
    assert.deepEqual(ours.entries.map((e) => e.name).sort(), expected.map((e) => e.name).sort());
    for (const entry of expected) {
      const found = ours.entry(entry.name)!;
      assert.deepEqual([found.dtype, found.shape], [entry.dtype, entry.shape], entry.name);
      assert.deepEqual(ours.read(found), theirs.read(entry), entry.name);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("loadTorch names the tensor that does not fit and leaves the session as it was", async () => {
  const f = await readFixture<Fixture>("encoders/resnet18_torch.json");
  const { target } = await testDevice();
  const wider = resnet18(f, target, "", 2 * f.width);
  await withNet(wider, async (session) => {
    const value = wider.t.parameters.get("conv1.weight")!.value;
    const before = await session.read(value);
    assert.throws(() => loadTorch(FILE, session, wider.t), {
      name: "AssayError",
      message: /"bn1.bias" must be F32 \[16\], found F32 \[8\]/,
    });
    assert.deepEqual(await session.read(value), before);
  });
  const net = resnet18(f, target);
  await withNet(net, (session) => {
    const without = (name: string) => name.startsWith("fc.") ? undefined : name;
    assert.throws(() => loadTorch(FILE, session, net.t, { rename: without }), {
      name: "AssayError",
      message: /must have a place for "fc\./,
    });
    loadTorch(FILE, session, net.t, { rename: without, ignore: (name) => name.startsWith("fc.") });
    assert.throws(() => loadTorch(FILE, session, net.t, { rename: (name) => `module.${name}` }), {
      name: "AssayError",
      message: /must hold "module\./,
    });
    return Promise.resolve();
  });
});

Deno.test("loadTorch refuses tensors that PyTorch has no use for unless they are left out", async () => {
  const f = await readFixture<Fixture>("encoders/resnet18_torch.json");
  const net = resnet18(f, (await testDevice()).target);
  Scope.root(net.t).state("position", [1], () => new Float32Array(1), "u32");
  await withNet(net, (session) => {
    assert.throws(() => loadTorch(FILE, session, net.t), {
      name: "AssayError",
      message: /"position".*holds u32/,
    });
    return Promise.resolve();
  });
});

Deno.test("below strips a prefix and leaves everything else out", () => {
  const rename = below("encoder.");
  assert.equal(rename("encoder.conv1.weight"), "conv1.weight");
  assert.equal(rename("projector.0.weight"), undefined);
});
