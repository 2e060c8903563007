import assert from "node:assert/strict";
import { findSource, requireSource, searchFolders } from "../../src/data/locate.ts";
import { parseManifest } from "../../src/data/manifest.ts";
import { inFolder, manifestJson, put } from "./synthetic.ts";

const pets = parseManifest(JSON.stringify(manifestJson()), "pets.json");
const tree = parseManifest(
  JSON.stringify({
    ...manifestJson(),
    source: { kind: "tree", stem: "pets", instructions: "unpack pets there" },
  }),
  "pets.json",
);

async function withAssayData(folder: string | undefined, use: () => Promise<void>): Promise<void> {
  const before = Deno.env.get("ASSAY_DATA");
  if (folder === undefined) Deno.env.delete("ASSAY_DATA");
  else Deno.env.set("ASSAY_DATA", folder);
  try {
    await use();
  } finally {
    if (before === undefined) Deno.env.delete("ASSAY_DATA");
    else Deno.env.set("ASSAY_DATA", before);
  }
}

Deno.test("findSource looks into ASSAY_DATA, then datasets/cache, then ../shared/datasets", () =>
  inFolder(async (folder) => {
    const root = `${folder}/project`, own = `${folder}/own`;
    await withAssayData(own, async () => {
      assert.deepEqual(searchFolders(root), [own, `${root}/datasets/cache`, `${folder}/shared/datasets`]);
      assert.equal(await findSource(pets, root), undefined);
      for (const place of searchFolders(root).reverse()) {
        const path = await put(place, "pets.tar", "x");
        assert.equal((await findSource(pets, root))!.path, path);
      }
    });
    await withAssayData(undefined, async () => {
      assert.equal((await findSource(pets, root))!.path, `${root}/datasets/cache/pets.tar`);
    });
  }));

Deno.test("findSource takes a tree as a folder or as an archive", () =>
  inFolder(async (folder) => {
    await withAssayData(folder, async () => {
      for (const format of ["zip", "tar.gz", "tar"] as const) { // each comes before those already there
        await put(folder, `pets.${format}`, "x");
        assert.equal((await findSource(tree, `${folder}/none`))!.format, format);
      }
      await put(folder, "pets/a", "x");
      assert.deepEqual(await findSource(tree, `${folder}/none`), {
        ...{ kind: "folder", path: `${folder}/pets`, format: "folder" },
      });
    });
  }));

Deno.test("requireSource names every place and the way out", () =>
  inFolder(async (folder) => {
    await withAssayData(undefined, async () => {
      const places = new RegExp(
        `"pets.tar" must be in one of ${folder}/p/datasets/cache, ${folder}/shared/datasets`,
      );
      await assert.rejects(requireSource(pets, `${folder}/p`), places);
      await assert.rejects(requireSource(tree, `${folder}/p`), /unpack pets there/);
    });
  }));
