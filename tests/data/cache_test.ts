import assert from "node:assert/strict";
import { cacheStem, readCache, writeCache } from "../../src/data/cache.ts";
import { hashPixels } from "../../src/data/hashes.ts";
import { inFolder } from "./synthetic.ts";

const images = Uint8Array.from({ length: 24 }, (_, i) => i); // two images of 2 x 2
const key = (folder: string, more = {}) => ({
  ...{ folder, name: "pets", archive: "a", list: "l", size: 2, decoder: "d", resize: "none" },
  ...more,
});

Deno.test("writeCache and readCache round-trip raw pixels", () =>
  inFolder(async (folder) => {
    assert.deepEqual(await readCache(key(folder), 24), { state: "absent" });
    const pixels = hashPixels(images, 2, 2);
    await writeCache(key(folder), images, pixels);
    assert.deepEqual(await readCache(key(folder), 24), { state: "hit", images, pixels });
    assert.deepEqual(await Deno.readFile(`${cacheStem(key(folder))}.u8`), images);
    assert.deepEqual([...Deno.readDirSync(folder)].filter((e) => e.name.endsWith(".tmp")), []);
  }));

Deno.test("cacheStem differs when anything that decides the pixels differs", () => {
  const stems = [{}, { archive: "b" }, { list: "m" }, { size: 3 }, { decoder: "e" }, { resize: "x" }]
    .map((more) => cacheStem(key("f", more)));
  assert.equal(new Set(stems).size, stems.length);
  assert.match(stems[0]!, /^f\/pets-2-[0-9a-f]{16}$/);
});

Deno.test("readCache calls a short, an edited and an undescribed file damaged or absent", () =>
  inFolder(async (folder) => {
    const stem = cacheStem(key(folder)),
      write = () => writeCache(key(folder), images, hashPixels(images, 2, 2));
    await write();
    await Deno.writeFile(`${stem}.u8`, images.slice(0, 20));
    assert.equal((await readCache(key(folder), 24)).state, "damaged");
    await Deno.writeFile(`${stem}.u8`, images.map((v) => v ^ 1));
    assert.equal((await readCache(key(folder), 24)).state, "damaged");
    await write();
    await Deno.writeTextFile(`${stem}.json`, "{");
    assert.equal((await readCache(key(folder), 24)).state, "damaged");
    await Deno.remove(`${stem}.json`);
    assert.equal((await readCache(key(folder), 24)).state, "absent");
  }));

Deno.test("writeCache says which file it could not write", async () => {
  await assert.rejects(writeCache(key("/dev/null/x"), images, "p"));
  await inFolder(async (folder) => {
    await Deno.mkdir(`${cacheStem(key(folder))}.u8/in_the_way`, { recursive: true });
    await assert.rejects(
      writeCache(key(folder), images, "p"),
      /Cannot write the decoded cache ".*\.u8".*24 bytes/,
    );
    assert.deepEqual([...Deno.readDirSync(folder)].filter((e) => e.name.endsWith(".tmp")), []);
  });
});
