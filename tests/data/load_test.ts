import assert from "node:assert/strict";
import { joined } from "../../src/data/pixels.ts";
import { hashFile, sha256 } from "../../src/base/sha256.ts";
import { checkArchive, hashSource, load, planSplit, recordedFor } from "../../src/data/load.ts";
import { findSource } from "../../src/data/locate.ts";
import { parseManifest, readManifest } from "../../src/data/manifest.ts";
import { projectRoot } from "../../src/base/project_root.ts";
import { expectationOf } from "../../src/data/verify.ts";
import { inFolder, LIMITS, makeRoot, manifestJson, petImages, put, tar } from "./synthetic.ts";

const pets = async (): Promise<Uint8Array> => await tar(petImages());

Deno.test("load gives images, labels, names, classes and the three hashes", () =>
  inFolder(async (folder) => {
    const archive = await pets();
    const root = await makeRoot(folder, manifestJson(), { "pets.tar": archive });
    const data = await load("pets", { split: "train", size: 4, root });
    assert.deepEqual([...data.labels], [0, 0, 1, 1]);
    assert.deepEqual(data.names, [
      "train/cat/1.png",
      "train/cat/2.png",
      "train/dog/1.png",
      "train/dog/2.png",
    ]);
    assert.deepEqual([0, 48, 96, 144].map((i) => data.images[i]), [10, 20, 200, 220]);
    assert.equal(data.hashes.archive, sha256(archive));
    const lines = data.names.map((n, i) => `${data.labels[i]}\t${data.classes[data.labels[i]!]}\t${n}\n`)
      .join("");
    assert.equal(data.hashes.split, sha256(lines));
    const header = new TextEncoder().encode("u8 4 4 4 3\n");
    assert.equal(data.hashes.pixels, sha256(Uint8Array.of(...header, ...data.images)));
    assert.deepEqual([data.geometry, data.resize, data.cache, data.perClass], [
      "square",
      "triangle-antialias-centre-crop 1",
      "off",
      null,
    ]);
  }));

Deno.test("load refuses to store whole images before it looks for any", () =>
  assert.rejects(
    load("shapes", { split: "train", size: 16, geometry: "full" }),
    /must be "square", the only one that is built, found "full"/,
  ));

Deno.test("load takes the first n of each class in name order, as another split list", () =>
  inFolder(async (folder) => {
    const root = await makeRoot(folder, manifestJson(), { "pets.tar": await pets() });
    const all = await load("pets", { split: "train", size: 4, root });
    const one = await load("pets", { split: "train", size: 4, perClass: 1, root });
    assert.deepEqual(one.names, ["train/cat/1.png", "train/dog/1.png"]);
    assert.deepEqual(
      one.images,
      Uint8Array.of(...all.images.subarray(0, 48), ...all.images.subarray(96, 144)),
    );
    assert.notEqual(one.hashes.split, all.hashes.split);
    assert.equal(one.hashes.archive, all.hashes.archive);
    await assert.rejects(
      load("pets", { split: "train", size: 4, perClass: 3, root }),
      /each class must have 3 images/,
    );
  }));

Deno.test("load refuses a wrong split, size, count and an archive with too few images", () =>
  inFolder(async (folder) => {
    const root = await makeRoot(folder, manifestJson(), { "pets.tar": await pets() });
    await assert.rejects(
      load("pets", { split: "test", size: 4, root }),
      /must be one of train, found "test"/,
    );
    await assert.rejects(load("pets", { split: "train", root }), /size of 1 to 4096 pixels must be given/);
    await assert.rejects(load("pets", { split: "train", size: 0, root }), /found 0/);
    await assert.rejects(load("pets", { split: "train", size: 4, perClass: 0, root }), /positive integer/);
    const { "train/cat/1.png": _, ...fewer } = petImages();
    await put(root, "datasets/cache/pets.tar", await tar(fewer));
    await assert.rejects(
      load("pets", { split: "train", size: 4, root }),
      /must have 4 images, found 3 in ".*pets.tar"/,
    );
  }));

Deno.test("load never uses an archive whose size or hash is not the manifest's", () =>
  inFolder(async (folder) => {
    const archive = await pets();
    const path = await put(folder, "datasets/cache/pets.tar", archive);
    const { sha256: sha, md5 } = await hashFile(path, true);
    const right = {
      file: "pets.tar",
      format: "tar",
      url: null,
      bytes: archive.length,
      sha256: sha,
      md5,
    } as const;
    await checkArchive(path, right);
    const zeros = { ...right, sha256: "0".repeat(64) };
    await assert.rejects(
      checkArchive(path, zeros),
      /SHA-256 must be 0{64}, found [0-9a-f]{64}, so it is truncated/,
    );
    await assert.rejects(checkArchive(path, { ...right, md5: "0".repeat(32) }), /MD5 must be 0{32}/);
    await assert.rejects(checkArchive(path, { ...right, bytes: 5 }), /size in bytes must be 5, found \d+/);
    const manifest = manifestJson({ source: { kind: "archive", archive: zeros } });
    await makeRoot(folder, manifest, {});
    await assert.rejects(
      load("pets", { split: "train", size: 4, root: folder }),
      /Cannot use archive ".*pets.tar"/,
    );
  }));

Deno.test("load compares with recorded hashes and stops when pixels or list differ", () =>
  inFolder(async (folder) => {
    const root = await makeRoot(folder, manifestJson(), { "pets.tar": await pets() });
    const data = await load("pets", { split: "train", size: 4, root });
    const right = expectationOf(data);
    const withExpected = async (expected: unknown): Promise<void> => {
      await put(root, "datasets/pets.json", JSON.stringify({ ...manifestJson(), expected: [expected] }));
    };
    await withExpected(right);
    assert.deepEqual(recordedFor(await readManifest("pets", root), data), right);
    await load("pets", { split: "train", size: 4, root });
    await withExpected({ ...right, pixels: "0".repeat(64) });
    await assert.rejects(
      load("pets", { split: "train", size: 4, root }),
      /pixels must have the recorded hash 0{64}/,
    );
    await load("pets", { split: "train", size: 4, root, check: false });
    await withExpected({ ...right, list: "0".repeat(64) });
    await assert.rejects(
      load("pets", { split: "train", size: 4, root }),
      /list must have the recorded hash 0{64}/,
    );
    await withExpected({ ...right, pixels: "0".repeat(64), decoder: "another" }); // not comparable
    await load("pets", { split: "train", size: 4, root });
  }));

Deno.test("load with the cache gives the same bits and notices a damaged one", () =>
  inFolder(async (folder) => {
    const root = await makeRoot(folder, manifestJson(), { "pets.tar": await pets() });
    const get = () => load("pets", { split: "train", size: 4, root, cache: true });
    const first = await get(), second = await get();
    assert.deepEqual([first.cache, second.cache], ["written", "hit"]);
    assert.deepEqual(second.images, first.images);
    assert.deepEqual(second.hashes, first.hashes);
    for await (const { name } of Deno.readDir(`${root}/datasets/cache`)) {
      if (!name.endsWith(".u8")) continue;
      const bytes = await Deno.readFile(`${root}/datasets/cache/${name}`);
      bytes[5]! ^= 1;
      await Deno.writeFile(`${root}/datasets/cache/${name}`, bytes);
    }
    const third = await get();
    assert.equal(third.cache, "rewritten");
    assert.deepEqual(third.images, first.images);
    assert.equal((await get()).cache, "hit");
  }));

Deno.test("a split beyond the memory given is read from its file, the same bytes", () =>
  inFolder(async (folder) => {
    const root = await makeRoot(folder, manifestJson(), { "pets.tar": await pets() });
    const get = (memory?: number) =>
      load("pets", { split: "train", size: 4, root, ...(memory !== undefined && { memory }) });
    const whole = await get(), paged = await get(100);
    assert.deepEqual([whole.cache, paged.cache], ["off", "written"]);
    assert.deepEqual(paged.hashes, whole.hashes);
    assert.throws(
      () => paged.images,
      /its images must fit into memory for this use, found 192 bytes in ".*[.]u8"/,
    );
    const order = [3, 0, 2, 0];
    const into = new Uint8Array(order.length * 48);
    paged.pixels.read(order, into);
    assert.deepEqual(
      into,
      Uint8Array.from(order.flatMap((i) => [...whole.images.subarray(i * 48, i * 48 + 48)])),
    );
    const both = joined(paged.pixels, whole.pixels, 4);
    both.read([4, 3], into.subarray(0, 96));
    assert.deepEqual(
      into.subarray(0, 96),
      Uint8Array.of(...whole.images.subarray(0, 48), ...whole.images.subarray(144)),
    );
    assert.equal((await get(100)).cache, "hit");

    const file = [...Deno.readDirSync(`${root}/datasets/cache`)].find(({ name }) =>
      name.endsWith(".u8")
    )!.name;
    const path = `${root}/datasets/cache/${file}`;
    const bytes = await Deno.readFile(path);
    bytes[7]! ^= 1;
    await Deno.writeFile(path, bytes);
    await Deno.writeFile(`${path}.partial`, new Uint8Array(500)); // left by a kill
    assert.equal((await get(100)).cache, "rewritten");
    assert.deepEqual(await Deno.readFile(path), whole.images);
    await Deno.truncate(path, 150);
    assert.throws(
      () => paged.pixels.read([3], into),
      /Cannot read image 3 of ".*[.]u8": the file must have 192 bytes, found its end, at 150; delete it/,
    );
    assert.deepEqual((await Promise.all([get(100), get(100)])).map((d) => d.cache).sort(), [
      "hit",
      "rewritten",
    ]);
  }));

Deno.test("hashSource of a folder covers names and contents", () =>
  inFolder(async (folder) => {
    const source = { kind: "tree", stem: "pets", instructions: "none" };
    const manifest = parseManifest(JSON.stringify({ ...manifestJson(), source }), "pets.json");
    await put(folder, "datasets/cache/pets/train/cat/1.png", "a");
    await put(folder, "datasets/cache/pets/train/cat/0.png", "b");
    const hash = async (): Promise<string> => await hashSource(manifest, await findSource(manifest, folder));
    assert.equal(await hash(), sha256(`${sha256("b")}  train/cat/0.png\n${sha256("a")}  train/cat/1.png\n`));
  }));

Deno.test("planSplit lists shapes without an archive", async () => {
  const plan = await planSplit(await readManifest("shapes"), "train", undefined);
  assert.equal(plan.names.length, 50000);
});

Deno.test("load shapes gives the recorded pixels", async () => {
  const data = await load("shapes", { split: "train", size: 64, perClass: 20 });
  assert.deepEqual(recordedFor(await readManifest("shapes"), data), expectationOf(data));
});

for (
  const [name, options] of [
    ["cifar10-jpeg", { split: "test", perClass: 200 }],
    ["omniglot-small1", { split: "all" }],
    ["omniglot-small2", { split: "all", size: 32 }],
  ] as const
) {
  const manifest = await readManifest(name);
  const here = await findSource(manifest, projectRoot()) !== undefined;
  Deno.test({
    name: `load ${name} from the real archive gives the recorded pixels` +
      (here ? "" : " (ignored: the archive is not on this machine; the synthetic archives above stand in)"),
    ignore: !here,
    async fn() {
      const data = await load(name, options);
      assert.deepEqual(recordedFor(manifest, data), expectationOf(data));
    },
  });
}

Deno.test("load stops at the manifest's limits", () =>
  inFolder(async (folder) => {
    const manifest = manifestJson({ limits: { ...LIMITS, imagePixels: 20 } });
    const root = await makeRoot(folder, manifest, { "pets.tar": await pets() });
    await assert.rejects(load("pets", { split: "train", size: 4, root }), /1 to 20 pixels, found 6 x 6/);
  }));
