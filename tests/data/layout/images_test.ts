import assert from "node:assert/strict";
import { memberPattern, planImages } from "../../../src/data/layout/images.ts";
import { parseManifest } from "../../../src/data/manifest.ts";
import { intoMemory } from "../../../src/data/pixels.ts";
import { inFolder, manifestJson, petImages, png, put, tar } from "../synthetic.ts";

type Layout = Extract<ReturnType<typeof parseManifest>["layout"], { kind: "images" }>;

async function plan(
  folder: string,
  files: Record<string, string | Uint8Array>,
  overrides: Record<string, unknown> = {},
): ReturnType<typeof planImages> {
  const path = await put(folder, "pets.tar", await tar(files));
  const manifest = parseManifest(JSON.stringify({ ...manifestJson(), ...overrides }), "pets.json");
  return await planImages(manifest, manifest.layout as Layout, "train", {
    kind: "file",
    format: "tar",
    path,
  });
}

Deno.test("memberPattern takes one segment for {class} and {name}, several for {class*}", () => {
  const one = memberPattern("train/{class}/{name}");
  assert.deepEqual({ ...one.exec("train/cat/1.png")!.groups }, { class: "cat", name: "1.png" });
  assert.equal(one.exec("train/cat/x/1.png"), null);
  assert.equal(one.exec("xtrain/cat/1.png"), null);
  const many = memberPattern("a.b/{class*}/{name}");
  assert.deepEqual({ ...many.exec("a.b/Latin/character01/1.png")!.groups }, {
    class: "Latin/character01",
    name: "1.png",
  });
  assert.equal(many.exec("axb/c/1.png"), null);
});

Deno.test("planImages sorts by class and then by path, whatever the archive's order", () =>
  inFolder(async (folder) => {
    const { names, labels, classes, decoder } = await plan(folder, { ...petImages(), "README": "ignored" });
    assert.deepEqual(names, ["train/cat/1.png", "train/cat/2.png", "train/dog/1.png", "train/dog/2.png"]);
    assert.deepEqual([...labels], [0, 0, 1, 1]);
    assert.deepEqual(classes, ["cat", "dog"]);
    assert.match(decoder, /^@jsquash\/jpeg \S+, fast-png \S+$/);
  }));

Deno.test("planImages decodes chosen positions into their places", () =>
  inFolder(async (folder) => {
    const { decode } = await plan(folder, petImages());
    const out = new Uint8Array(2 * 4 * 4 * 3);
    const done: number[] = [];
    await decode(Uint32Array.of(3, 0), 4, intoMemory(out, 4), (n) => done.push(n));
    assert.deepEqual([...new Set(out.subarray(0, 48))], [220]);
    assert.deepEqual([...new Set(out.subarray(48))], [10]);
    assert.deepEqual(done, [1, 2]);
  }));

Deno.test("planImages takes class names from the tree where the manifest names none", () =>
  inFolder(async (folder) => {
    const { classes } = await plan(folder, { ...petImages(), "train/ant/1.png": png(6, 1) }, {
      classes: { count: 3, names: null },
    });
    assert.deepEqual(classes, ["ant", "cat", "dog"]);
  }));

Deno.test("planImages refuses a class the manifest does not list, unless others are to be left out", () =>
  inFolder(async (folder) => {
    const files = { ...petImages(), "train/ant/1.png": png(6, 1) };
    await assert.rejects(plan(folder, files), /member "train\/ant\/1.png".*found "ant"/);
    const layout = {
      kind: "images",
      splits: { train: { members: "train/{class}/{name}" } },
      ignoreOtherClasses: true,
    };
    assert.equal((await plan(folder, files, { layout })).names.length, 4);
  }));

Deno.test("planImages reads classes from a table of labels", () =>
  inFolder(async (folder) => {
    const layout = {
      kind: "images",
      splits: {
        train: { members: "val/images/{name}", labels: { member: "val/labels.txt", name: 0, class: 1 } },
      },
    };
    const images = { "val/images/b.png": png(6, 2), "val/images/a.png": png(6, 1) };
    const table = "a.png\tdog\t0\t0\r\nb.png\tcat\t0\t0\n";
    const { names, labels } = await plan(folder, { ...images, "val/labels.txt": table }, { layout });
    assert.deepEqual(names, ["val/images/b.png", "val/images/a.png"]);
    assert.deepEqual([...labels], [0, 1]);
    await assert.rejects(
      plan(folder, images, { layout }),
      /member "val\/labels.txt".*must be in the archive/,
    );
    const short = { ...images, "val/labels.txt": "a.png\tdog\n" };
    await assert.rejects(plan(folder, short, { layout }), /member "val\/images\/b.png".*no line for it/);
  }));

Deno.test("planImages says when no member fits: a wrong archive", () =>
  inFolder(async (folder) => {
    await assert.rejects(
      plan(folder, { "other/1.png": png(6, 1) }),
      /members must match "train\/\{class\}\/\{name\}"/,
    );
  }));
