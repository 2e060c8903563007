import assert from "node:assert/strict";
import { sha256 } from "../../src/base/canonical.ts";
import { openBundle } from "../../src/record/files.ts";
import { writeZip } from "../../src/record/zip.ts";
import { inFolder, put } from "./synthetic_run.ts";

Deno.test("openBundle shows a folder and a zip of the same files alike", () =>
  inFolder(async (folder) => {
    const files = new Map([["b", "two"], ["a/c", "one"]].map(([p, t]) => [p!, new TextEncoder().encode(t)]));
    for (const [path, data] of files) await put(`${folder}/dir/${path}`, data);
    await put(`${folder}/x.zip`, writeZip(files));
    for (const [name, kind] of [["dir", "folder"], ["x.zip", "zip"]]) {
      const bundle = await openBundle(`${folder}/${name}`);
      assert.equal(bundle.kind, kind);
      assert.deepEqual([...bundle.sizes], [["a/c", 3], ["b", 3]]);
      assert.deepEqual(bundle.problems, []);
      assert.deepEqual(await bundle.read("a/c"), files.get("a/c"));
      assert.equal(await bundle.hash("b"), sha256("two"));
      await assert.rejects(async () => await bundle.read("nope"), /it must hold nope, found no such file/);
    }
  }));

Deno.test("openBundle reports symbolic links and does not follow them", () =>
  inFolder(async (folder) => {
    await put(`${folder}/secret`, "secret");
    await put(`${folder}/dir/a`, "a");
    await Deno.symlink(`${folder}/secret`, `${folder}/dir/link`);
    await Deno.symlink(folder, `${folder}/dir/loop`);
    const bundle = await openBundle(`${folder}/dir`);
    assert.deepEqual([...bundle.sizes.keys()], ["a"]);
    assert.deepEqual(bundle.problems.map((p) => p.place).sort(), ["link", "loop"]);
    assert.match(bundle.problems[0]!.message, /symbolic link/);
  }));

Deno.test("openBundle says what is no bundle at all", () =>
  inFolder(async (folder) => {
    await assert.rejects(openBundle(`${folder}/nope`), /Cannot read bundle .*it must exist/);
    await put(`${folder}/picture.png`, "\x89PNG and so on");
    await assert.rejects(
      openBundle(`${folder}/picture.png`),
      /a folder or a zip archive, found a file that starts otherwise/,
    );
    await put(`${folder}/half.zip`, writeZip(new Map([["a", new Uint8Array(99)]])).subarray(0, 80));
    assert.match((await openBundle(`${folder}/half.zip`)).problems[0]!.message, /damaged/);
  }));
