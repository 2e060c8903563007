import assert from "node:assert/strict";
import { load } from "../../src/data/load.ts";
import { readManifest } from "../../src/data/manifest.ts";
import { expectationOf, record, verify } from "../../src/data/verify.ts";
import { inFolder, makeRoot, manifestJson, petImages, put, tar } from "./synthetic.ts";

Deno.test("verify measures where nothing is recorded, matches after record, and reports what changed", () =>
  inFolder(async (folder) => {
    const root = await makeRoot(folder, manifestJson({ nativeSize: 6 }), {
      "pets.tar": await tar(petImages()),
    });
    const before = await verify("pets", { root });
    assert.deepEqual(before.checks.map((c) => [c.what, c.verdict]), [
      ["bytes", "measured"],
      ["split list", "measured"],
      ["pixels", "measured"],
    ]);
    await record("pets", before.loaded, root);
    const after = await verify("pets", { root });
    assert.deepEqual(after.checks.map((c) => c.verdict), ["measured", "match", "match"]);

    const changed = { ...petImages(), "train/cat/1.png": petImages()["train/dog/1.png"]! };
    await put(root, "datasets/cache/pets.tar", await tar(changed));
    const edited = await verify("pets", { root });
    assert.deepEqual(edited.checks.map((c) => c.verdict), ["measured", "match", "MISMATCH"]);
    assert.equal(edited.checks[2]!.expected, after.checks[2]!.measured);

    const { "train/cat/1.png": _, ...rest } = petImages();
    await put(
      root,
      "datasets/cache/pets.tar",
      await tar({ ...rest, "train/cat/0.png": petImages()["train/cat/1.png"]! }),
    );
    const renamed = await verify("pets", { root });
    assert.deepEqual(renamed.checks.map((c) => c.verdict), ["measured", "MISMATCH", "match"]);
  }));

Deno.test("verify refuses an archive with another hash", () =>
  inFolder(async (folder) => {
    const archive = {
      file: "pets.tar",
      format: "tar" as const,
      url: null,
      bytes: null,
      sha256: "0".repeat(64),
      md5: null,
    };
    const manifest = manifestJson({ source: { kind: "archive", archive } });
    const root = await makeRoot(folder, manifest, { "pets.tar": await tar(petImages()) });
    await assert.rejects(verify("pets", { root }), /SHA-256 must be 0{64}/);
  }));

Deno.test("verify takes chosen variants and names them", () =>
  inFolder(async (folder) => {
    const root = await makeRoot(folder, manifestJson(), { "pets.tar": await tar(petImages()) });
    const { checks } = await verify("pets", { root, variants: [{ split: "train", size: 3, perClass: 1 }] });
    assert.equal(checks[1]!.of, "train, 3 px, first 1 of each class");
  }));

Deno.test("record replaces the same variant and keeps the others and the rest of the manifest", () =>
  inFolder(async (folder) => {
    const root = await makeRoot(folder, manifestJson(), { "pets.tar": await tar(petImages()) });
    const small = await load("pets", { split: "train", size: 3, root });
    const large = await load("pets", { split: "train", size: 5, root });
    await record("pets", [small, large], root);
    await record("pets", [small], root);
    const { expected, ...rest } = await readManifest("pets", root);
    assert.deepEqual(expected, [expectationOf(large), expectationOf(small)]);
    const { expected: _, ...original } = { expected: [], ...manifestJson() };
    for (const [key, value] of Object.entries(original)) {
      if (key !== "layout") assert.deepEqual(rest[key as keyof typeof rest], value, key);
    }
  }));
