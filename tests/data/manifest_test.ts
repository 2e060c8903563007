import assert from "node:assert/strict";
import { manifestNames, parseManifest, readManifest } from "../../src/data/manifest.ts";
import { projectRoot } from "../../src/base/project_root.ts";
import { inFolder, manifestJson, put } from "./synthetic.ts";

Deno.test("every committed manifest is valid and named after its file", async () => {
  const names = await manifestNames();
  assert.deepEqual(names, [
    ...["cifar10", "cifar10-jpeg", "cifar100", "imagenet-100", "imagenet-1k"],
    ...["omniglot-small1", "omniglot-small2", "shapes", "stl10", "tiny-imagenet"],
  ]);
  for (const name of names) {
    const manifest = await readManifest(name);
    for (const e of manifest.expected) assert.ok(e.split in manifest.splits, name);
    if (manifest.classes.names) assert.equal(new Set(manifest.classes.names).size, manifest.classes.count);
  }
});

Deno.test("projectRoot is the folder of deno.json", async () => {
  assert.ok((await Deno.stat(`${projectRoot()}/deno.json`)).isFile);
});

Deno.test("parseManifest names the file and the field at fault", () => {
  const parse = (change: Record<string, unknown>): unknown =>
    parseManifest(JSON.stringify({ ...manifestJson(), ...change }), "datasets/pets.json");
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ colour: 1 }, /"datasets\/pets.json".*field "\(top\)": Unrecognized key: "colour"/],
    [{ classes: { count: 3, names: ["a"] } }, /field "classes.names": must list 3 names, lists 1/],
    [{ splits: { train: 4, test: 1 } }, /field "layout.splits": must describe split "test"/],
    [{ splits: {} }, /field "splits": must count the images of split "train"/],
    [{ splits: { train: 0 } }, /field "splits.train"/],
    [{ name: "../x" }, /field "name": must be a plain file name/],
    [
      { source: { kind: "generated", generator: "shapes-1" } },
      /field "layout.kind": must be generated exactly where/,
    ],
    [{ source: { kind: "torrent" } }, /field "source.kind"/],
    [{ published: "yesterday" }, /field "published": must be a year/],
  ];
  for (const [change, message] of cases) assert.throws(() => parse(change), message);
  const archive = { file: "a.tar", format: "tar", url: null, bytes: null, sha256: "0".repeat(32), md5: null };
  assert.throws(
    () => parse({ source: { kind: "archive", archive } }),
    /source.archive.sha256": must be 64 lower-case/,
  );
  assert.throws(() => parseManifest("{", "x.json"), /"x.json": the file must be JSON/);
});

Deno.test("readManifest lists the known names and refuses a file of another name", () =>
  inFolder(async (root) => {
    await put(root, "datasets/pets.json", JSON.stringify(manifestJson()));
    await put(root, "datasets/dogs.json", JSON.stringify(manifestJson()));
    await assert.rejects(readManifest("cats", root), /dataset "cats".*use one of dogs, pets/);
    await assert.rejects(readManifest("dogs", root), /field "name" must be "dogs", found "pets"/);
  }));
