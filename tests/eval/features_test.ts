import assert from "node:assert/strict";
import { encoderTensors, extractFeatures, type Images, rawPixels } from "../../src/eval/features.ts";
import { recipeViews } from "../../src/data/augment/recipes.ts";
import { drawView } from "../../src/data/augment/draw.ts";
import { referenceView } from "../../src/data/augment/reference.ts";
import { plan } from "../../src/gpu/planner.ts";
import { PhiloxStream } from "../../src/base/random.ts";
import { Session } from "../../src/gpu/session.ts";
import { encoderByName } from "../../src/nn/encoders/table.ts";
import { interpret } from "../../src/nn/interpret.ts";
import { linear } from "../../src/nn/layers.ts";
import { softmaxCrossEntropy } from "../../src/nn/ops/loss.ts";
import { Scope } from "../../src/nn/scope.ts";
import { initialise } from "../../src/nn/state.ts";
import { inMemory } from "../../src/data/pixels.ts";
import { buildStep } from "../../src/nn/step.ts";
import { Trace, type Value } from "../../src/nn/trace.ts";
import { compare, randomData, testDevice } from "../nn/check_op.ts";

const SPEC = { encoder: { name: "tiny", width: 0.5 }, side: 16 };

function pictures(rows: number, size: number): Images {
  const draw = new PhiloxStream([rows, 72]);
  return {
    pixels: inMemory(
      Uint8Array.from({ length: rows * size * size * 3 }, () => Math.floor(256 * draw.uniform())),
      size,
    ),
    size,
    labels: Uint32Array.from({ length: rows }, (_, i) => i % 3),
  };
}

/** Three SGD steps of a classifier, so that running statistics have moved; the session stays open. */
async function trained() {
  const step = buildStep({
    method: {
      name: "toy",
      paper: "none",
      views: 1,
      hyper: {},
      trace: (s, [view]) => {
        const encoder = s.encoder();
        const head = linear(s, "head", encoder.features, 3);
        const loss = softmaxCrossEntropy(s.t, head(encoder.apply(view!)), s.labels());
        return { loss, wrt: s.parameters() };
      },
    },
    setup: {
      batch: 6,
      classes: 3,
      encoder: (s) => encoderByName(SPEC.encoder.name, s, { image: SPEC.side, width: SPEC.encoder.width }),
    },
    image: SPEC.side,
    optimizer: { kind: "sgd", lr: 0.05 },
  });
  const session = await Session.bind(await testDevice(), plan(step.program));
  initialise(session, step.trace, 5);
  const { inputs } = step.trace;
  for (let n = 0; n < 3; n++) {
    session.write(inputs.get("view0")!, randomData(6 * 16 * 16 * 3, 40 + n));
    session.write(inputs.get("labels")!, Uint32Array.of(0, 1, 2, 0, 1, 2));
    session.replay({ scalars: step.trace.scalarsAt(n) });
  }
  return { session, trace: step.trace };
}

Deno.test("extractFeatures gives the f64 features of every image, with stored statistics, last batch included", async () => {
  const { session, trace } = await trained();
  const tensors = await encoderTensors(session, trace);
  session.close();
  const data = pictures(11, 20); // stored larger than the views: they are resized
  const { values, rows, width } = await extractFeatures(await testDevice(), SPEC, tensors, data, {
    batch: 4,
  });
  assert.deepEqual([rows, width, values.length], [11, 32, 11 * 32]);

  const recipe = recipeViews("eval", 1)[0]!;
  const t = new Trace();
  const view = t.input("view", [1, 16, 16, 3]);
  const s = Scope.root(t, {}, "eval").child("encoder");
  const features = encoderByName("tiny", s, { image: 16, width: 0.5 }).apply(view);
  const named = [...t.parameters.values(), ...t.states.values()];
  assert.equal(named.length, tensors.size);
  for (const row of [0, 3, 4, 10]) {
    const image = { data: new Uint8Array(1200), offset: 0, size: 20 };
    data.pixels.read([row], image.data);
    const drawn = drawView(recipe, { seed: 0, epoch: 0, sample: row, view: 0 }, 20, 16);
    const feeds = new Map<Value, ArrayLike<number>>([
      [view, referenceView(image, recipe, drawn, 16)],
      ...named.map((p) => [p.value, tensors.get(p.name)!] as const),
    ]);
    const [expected] = interpret(t, feeds, [features]);
    // 288 products are the longest sum of one convolution; a dozen layers follow each other.
    compare(`features of image ${row}`, values.subarray(row * width, (row + 1) * width), expected!, 12 * 288);
  }
});

Deno.test("extractFeatures of the centre are those of a store that holds only the centre, at any side", async () => {
  const device = await testDevice();
  const data = pictures(3, 20), inner = new Uint8Array(3 * 12 * 12 * 3), image = new Uint8Array(1200);
  for (let row = 0; row < 3; row++) {
    data.pixels.read([row], image);
    for (let y = 0; y < 12; y++) {
      const at = 3 * ((y + 4) * 20 + 4);
      inner.set(image.subarray(at, at + 36), 3 * 12 * (12 * row + y));
    }
  }
  const cut = { ...data, pixels: inMemory(inner, 12), size: 12 };
  const centre = { side: 12, crop: "centre" } as const;
  assert.deepEqual(
    await extractFeatures(device, SPEC, { untrained: 3 }, data, { view: centre }),
    await extractFeatures(device, { ...SPEC, side: 12 }, { untrained: 3 }, cut),
  );
  await assert.rejects(
    extractFeatures(device, SPEC, { untrained: 3 }, cut, { view: { side: 16, crop: "centre" } }),
    /centre of images of 12 x 12.*found a view of 16 x 16; store the images larger/,
  );
});

Deno.test("extractFeatures gives a row the same bits in any batch and gives its memory back", async () => {
  const device = await testDevice();
  const before = device.allocatedBytes;
  const data = pictures(7, 16);
  const done: number[] = [];
  const whole = await extractFeatures(device, SPEC, { untrained: 3 }, data, {
    progress: (n, total) => done.push(n, total),
  });
  assert.deepEqual(done, [7, 7]);
  for (const batch of [1, 3, 5]) {
    assert.deepEqual(await extractFeatures(device, SPEC, { untrained: 3 }, data, { batch }), whole);
  }
  assert.equal(device.allocatedBytes, before);
  const other = await extractFeatures(device, SPEC, { untrained: 4 }, data);
  assert.notDeepEqual(other.values, whole.values);
});

Deno.test("an untrained encoder is the one a run of that seed starts from", async () => {
  const { session, trace } = await trained();
  initialise(session, trace, 9);
  const start = await encoderTensors(session, trace);
  session.close();
  const device = await testDevice();
  const data = pictures(5, 16);
  assert.deepEqual(
    await extractFeatures(device, SPEC, { untrained: 9 }, data),
    await extractFeatures(device, SPEC, start, data),
  );
});

Deno.test("encoderTensors reads a momentum copy under the same names", async () => {
  const t = new Trace();
  const s = Scope.root(t);
  for (const scope of [s, s.inArena("momentum", "momentum")]) {
    encoderByName("tiny", scope.child("encoder"), { image: 16, width: 0.5 });
  }
  const session = await Session.bind(await testDevice(), plan(t.program));
  initialise(session, t, 1);
  const copy = [...t.parameters.values()].find((p) => p.name.startsWith("momentum/"))!;
  session.write(copy.value, new Float32Array(copy.value.size).fill(0.25));
  const own = await encoderTensors(session, t), other = await encoderTensors(session, t, "momentum");
  await assert.rejects(encoderTensors(session, t, "teacher"), /named "teacher\/encoder\.\.\.\.", found none/);
  session.close();
  assert.deepEqual([...own.keys()], [...other.keys()]);
  const name = copy.name.replace("momentum/", "");
  assert.ok(other.get(name)!.every((v) => v === 0.25) && !own.get(name)!.every((v) => v === 0.25));
});

Deno.test("extractFeatures refuses tensors of another encoder", async () => {
  const { session, trace } = await trained();
  const tensors = new Map(await encoderTensors(session, trace));
  session.close();
  const device = await testDevice();
  const before = device.allocatedBytes;
  const data = pictures(2, 16);
  const fails = (spec: typeof SPEC, given: typeof tensors, message: RegExp) =>
    assert.rejects(extractFeatures(device, spec, given, data), message);
  await fails({ ...SPEC, encoder: { name: "tiny", width: 1 } }, tensors, /must have \d+ elements, found \d+/);
  const [first] = tensors.keys();
  await fails(SPEC, new Map([...tensors].filter(([name]) => name !== first)), /must be given, found/);
  await fails(SPEC, new Map([...tensors, ["encoder.more", new Float32Array(1)]]), /"encoder.more" as well/);
  assert.equal(device.allocatedBytes, before);
});

Deno.test("rawPixels are the channels, normalised as in the views", () => {
  const pixels = inMemory(Uint8Array.of(0, 51, 255, 102, 204, 153), 1);
  const data = { pixels, size: 1, labels: Uint32Array.of(0, 1) };
  const { values, rows, width } = rawPixels(data, { mean: [0.5, 0.2, 0], std: [0.5, 0.1, 1] });
  assert.deepEqual([rows, width], [2, 3]);
  const expected = [-1, 0, 1, -0.2, 6, 0.6];
  values.forEach((v, i) => assert.ok(Math.abs(v - expected[i]!) < 1e-6, `${i}: ${v}`));
});
