import assert from "node:assert/strict";
import { strToU8, zipSync } from "fflate";
import { collect, visitMembers } from "../../../src/data/source/open.ts";
import { gzip, inFolder, LIMITS, put, tar } from "../synthetic.ts";

async function* chunks(...parts: readonly number[][]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(Uint8Array.from(part));
}

Deno.test("collect joins chunks and insists on the declared size", async () => {
  assert.deepEqual(await collect(chunks([1, 2], [], [3]), 3, "a.tar", "m"), Uint8Array.of(1, 2, 3));
  await assert.rejects(
    collect(chunks([1, 2], [3]), 2, "a.tar", "m"),
    /member "m" .*declared 2 bytes, found more/,
  );
  await assert.rejects(collect(chunks([1]), 2, "a.tar", "m"), /declared 2 bytes, found 1/);
});

Deno.test("visitMembers finds the same members whatever they are packed in", () =>
  inFolder(async (folder) => {
    const plain = await tar({ "d/a": "1", b: "22" });
    await put(folder, "x.tar", plain);
    await put(folder, "x.tar.gz", await gzip(plain));
    await put(folder, "x.zip", zipSync({ "d/a": strToU8("1"), b: strToU8("22") }));
    await put(folder, "x/d/a", "1");
    await put(folder, "x/b", "22");
    for (const format of ["tar", "tar.gz", "zip", "folder"] as const) {
      const path = format === "folder" ? `${folder}/x` : `${folder}/x.${format}`;
      const found: [string, number][] = [];
      const kind = format === "folder" ? "folder" : "file";
      await visitMembers({ kind, path, format }, LIMITS, (m) => void found.push([m.path, m.bytes]));
      assert.deepEqual(found.sort(), [["b", 2], ["d/a", 1]]);
    }
  }));
