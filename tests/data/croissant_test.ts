import assert from "node:assert/strict";
import { croissant, croissantText } from "../../src/data/croissant.ts";
import { manifestNames, readManifest } from "../../src/data/manifest.ts";
import { projectRoot } from "../../src/base/project_root.ts";

// deno-lint-ignore no-explicit-any
type Json = any;

Deno.test("the committed Croissant files are what the manifests say; ./run data croissant --write makes them", async () => {
  for (const name of await manifestNames()) {
    const file = `${projectRoot()}/datasets/croissant/${name}.json`;
    assert.deepEqual(JSON.parse(await Deno.readTextFile(file)), croissant(await readManifest(name)), name);
  }
});

Deno.test("croissant has every property that version 1.1 requires", async () => {
  for (const name of await manifestNames()) {
    const c = croissant(await readManifest(name)) as Json;
    assert.equal(c["@type"], "sc:Dataset");
    assert.equal(c.conformsTo, "http://mlcommons.org/croissant/1.1");
    for (const key of ["@context", "description", "license", "name", "url", "creator", "datePublished"]) {
      assert.ok(c[key], `${name}: ${key}`);
    }
    assert.ok(Array.isArray(c.distribution), name);
  }
});

Deno.test("croissant identifiers are unique and every reference meets one", async () => {
  for (const name of await manifestNames()) {
    const defined: string[] = [], referred: string[] = [];
    const walk = (node: Json): void => {
      if (Array.isArray(node)) return node.forEach(walk);
      if (node === null || typeof node !== "object") return;
      if (typeof node["@id"] === "string") {
        (Object.keys(node).length === 1 ? referred : defined).push(node["@id"]);
      }
      for (const [key, value] of Object.entries(node)) if (!key.startsWith("prov:")) walk(value);
    };
    const { distribution, recordSet } = croissant(await readManifest(name)) as Json;
    walk([distribution, recordSet]);
    assert.equal(new Set(defined).size, defined.length, name);
    for (const id of referred) assert.ok(defined.includes(id), `${name}: ${id}`);
  }
});

Deno.test("croissant gives checksums of full length and says where a subset comes from", async () => {
  const jpeg = croissant(await readManifest("cifar10-jpeg")) as Json;
  assert.match(jpeg.distribution[0].sha256, /^[0-9a-f]{64}$/);
  assert.equal(jpeg["prov:wasDerivedFrom"]["@id"], "urn:dataset:cifar10");
  const cifar = croissant(await readManifest("cifar10")) as Json;
  assert.equal(cifar.distribution[0].sha256, undefined); // none is officially published
  assert.match(cifar.distribution[0].md5, /^[0-9a-f]{32}$/);
});

Deno.test("croissantText is the file's text, with a final newline", async () => {
  const manifest = await readManifest("shapes");
  assert.deepEqual(JSON.parse(croissantText(manifest)), croissant(manifest));
  assert.ok(croissantText(manifest).endsWith("}\n"));
});
