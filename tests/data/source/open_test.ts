import assert from "node:assert/strict";
import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { collect, visitMembers } from "../../../src/data/source/open.ts";
import { AssayError } from "../../../src/base/error.ts";
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

Deno.test("visitMembers on an archive edited or cut at random ends with members or an AssayError, nothing else", () =>
  inFolder(async (folder) => {
    const text = "some words ".repeat(40);
    const plain = await tar({ "d/a": text, b: text.slice(3) });
    const zip = zipSync({ "d/a": strToU8(text), b: [strToU8(text), { level: 0 }] });
    const originals = { tar: plain, "tar.gz": await gzip(plain), zip } as const;
    const edit = fc.record({
      format: fc.constantFrom("tar", "tar.gz", "zip"),
      edits: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
      keep: fc.double({ min: 0.2, max: 1, noNaN: true }),
      cut: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(edit, async ({ format, edits, keep, cut }) => {
        const original = originals[format];
        const bytes = original.slice(0, cut ? Math.floor(original.length * keep) : original.length);
        for (const [at, value] of edits) bytes[at % bytes.length] = value;
        const path = await put(folder, `x.${format}`, bytes);
        try {
          await visitMembers({ kind: "file", path, format }, LIMITS, (m) => async (body) => {
            await collect(body, m.bytes, path, m.path);
          });
        } catch (error) {
          assert.ok(error instanceof AssayError, `${error}`);
          assert.ok(error.message.includes(path), error.message);
        }
      }),
      { numRuns: 400 },
    );
  }));
