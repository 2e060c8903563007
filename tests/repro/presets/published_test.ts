import assert from "node:assert/strict";
import { PUBLISHED, published, publishedPart } from "../../../src/repro/presets/published.ts";
import { loadMethod } from "../../../src/repro/method_files.ts";
import type { PublishedPreset, PublishedSpec } from "../../../src/repro/presets/preset.ts";
import { compare, completeSpec, leaves, type Mapping } from "./compare.ts";
import { allConfigurations } from "./configurations.ts";
import { diet, sdiet } from "./mappings/instance.ts";
import { barlow, byol, simclr, vicreg } from "./mappings/lars.ts";
import { moco, simsiam, spectral } from "./mappings/sgd.ts";
import { soloLearn } from "./mappings/solo_learn.ts";

const MAPPINGS: Readonly<Record<string, Mapping>> = {
  "solo-learn": soloLearn,
  diet,
  sdiet,
  simclr,
  moco,
  byol,
  simsiam,
  barlow,
  vicreg,
  spectral,
};

/** Every configuration with the preset of its method and data set. */
const PAIRS = await Promise.all(
  allConfigurations().map(async (configuration) => ({
    configuration,
    method: await loadMethod(configuration.method),
    name: `${configuration.method} on ${configuration.dataset}`,
    preset: published(configuration.method, configuration.dataset),
    mapping: MAPPINGS[configuration.source]!,
  })),
);

/** A copy of a value with another one at a path. */
function put(value: unknown, path: readonly string[], other: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return other;
  const copy = Array.isArray(value) ? [...value] : { ...value as object };
  (copy as Record<string, unknown>)[key] = put((value as Record<string, unknown>)[key], rest, other);
  return copy;
}

function changed(preset: PublishedPreset, path: string, other: unknown): PublishedPreset {
  return { ...preset, spec: put(preset.spec, path.split("."), other) as PublishedSpec };
}

/** Another value of the same kind. */
function another(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? value + 1 : value / 2;
  return typeof value === "boolean" ? !value : `${value}x`;
}

for (const { configuration, preset, mapping, method, name } of PAIRS) {
  Deno.test(`the preset of ${name} is what ${configuration.repository} states`, () => {
    const { problems, differs } = compare(configuration, preset, mapping, method);
    assert.deepEqual(problems, []);
    assert.deepEqual([...preset.differs].sort(), differs);
    const { repository, file, revision } = configuration;
    assert.deepEqual(preset.source, { repository, file, revision });
  });
}

Deno.test("every preset has a configuration", () => {
  assert.deepEqual(
    PUBLISHED.map(({ spec }) => `${spec.method} on ${spec.data.train.name}`).sort(),
    PAIRS.map(({ name }) => name).sort(),
  );
});

/** Paths whose change the comparison or the specification's schema does not notice. */
function unnoticed(pair: typeof PAIRS[number]): readonly string[] {
  const { configuration, preset, mapping, method } = pair;
  const complete = { ...preset, spec: completeSpec(preset, method) as PublishedSpec };
  const assumed = Object.keys(preset.assumptions);
  return leaves(complete.spec).filter(([path, value]) => {
    if (assumed.some((field) => path === field || path.startsWith(`${field}.`))) return false;
    if (/^data\..*\.(split|size|perClass|geometry)$|recipe\.(name|departs)$/.test(path)) return false;
    try {
      const { problems } = compare(configuration, changed(complete, path, another(value)), mapping, method);
      return !problems.some((problem) =>
        `${path}.`.startsWith(`${problem.slice(0, problem.indexOf(" is "))}.`)
      );
    } catch {
      return false; // refused as no specification of a run
    }
  }).map(([path]) => path);
}

Deno.test("a preset with any one field changed is not what its source states", () => {
  for (const pair of PAIRS) {
    assert.deepEqual(unnoticed(pair), [], pair.name);
  }
});

/** A change of solo-learn's preset for CIFAR-10, and the sentence that names the source's field. */
const NAMED: readonly (readonly [method: string, path: string, value: unknown, problem: RegExp])[] = [
  ["simclr", "optimizer.eta", 0.001, /simclr\.yaml states optimizer\.kwargs\.eta: 0\.02/],
  ["simclr", "optimizer.clipRate", false, /states optimizer\.kwargs\.clip_lr: true/],
  ["barlow", "optimizer.exemptAdaptation", "nothing", /states optimizer\.kwargs\.exclude_bias_n_norm: true/],
  ["byol", "optimizer.exemptDecay", "nothing", /which is "norms-and-biases" here/],
  ["byol", "hyper.m", 0.99, /states momentum\.final_tau: 1$/],
  ["moco", "hyper.m.end", 1, /states momentum\.final_tau: 0\.999/],
  ["moco", "hyper.hidden", 512, /states method_kwargs\.proj_hidden_dim: 2048/],
  ["moco", "hyper.projector", 128, /states method_kwargs\.proj_output_dim: 256/],
  ["vicreg", "views.0.recipe.crop.scale", [0.08, 1], /states augmentations\.0\.rrc\.crop_min_scale: 0\.2/],
  ["simsiam", "optimizer.parts", {}, /simsiam\.py states predictor\.static_lr: true/],
];

for (const [method, path, value, problem] of NAMED) {
  Deno.test(`with ${path} at ${JSON.stringify(value)} the preset of ${method} contradicts a field of solo-learn`, () => {
    const pair = PAIRS.find((p) => p.name === `${method} on cifar10` && p.mapping === soloLearn)!;
    const wrong = changed(pair.preset, path, value);
    const { problems } = compare(pair.configuration, wrong, soloLearn, pair.method);
    assert.ok(problems.some((p) => problem.test(p)), problems.join("\n"));
  });
}

Deno.test("published uses another data set's settings where it says so", () => {
  const jpeg = published("simclr", "cifar10-jpeg");
  assert.equal(jpeg.spec.data.train.name, "cifar10-jpeg");
  assert.ok(jpeg.differs.includes("jpeg-images"));
  assert.ok(published("spectral", "cifar100").differs.includes("other-dataset"));
  const part = published("spectral", "imagenet-100");
  assert.ok(part.differs.includes("larger-dataset"));
  assert.equal(part.spec.encoder.name, published("simclr", "imagenet-100").spec.encoder.name);
});

Deno.test("published names the data sets of a method that has others, and the nearest method", () => {
  assert.throws(
    () => published("spectral", "stl10"),
    /found "spectral" on imagenet-1k, cifar10; choose one of these/,
  );
  assert.throws(() => published("simclrr", "cifar10"), /is it "simclr"\?/);
});

Deno.test("publishedPart is what the preset decides of a row, and nothing where there is no preset", () => {
  const { spec } = published("moco", "imagenet-100");
  const part = publishedPart("moco", "imagenet-100");
  assert.deepEqual([part?.views, part?.optimizer, part?.encoder], [spec.views, spec.optimizer, spec.encoder]);
  assert.deepEqual(part?.hyper?.["m"], { kind: "cosine", base: 0.99, end: 0.999, warmup: 0, start: 0 });
  assert.deepEqual([part?.size, part?.stored, part?.batch, part?.epochs], [224, 256, 256, 400]);
  assert.equal(publishedPart("supervised", "cifar10"), undefined);
});
