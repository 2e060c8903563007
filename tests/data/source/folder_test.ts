import assert from "node:assert/strict";
import { listFolder, visitFolder } from "../../../src/data/source/folder.ts";
import { Guard } from "../../../src/data/source/guard.ts";
import { inFolder, LIMITS, put, readAll } from "../synthetic.ts";

Deno.test("visitFolder visits files in name order", () =>
  inFolder(async (folder) => {
    for (const name of ["b/2", "a", "b/10", "B"]) await put(folder, name, name);
    const found = await readAll(folder, (guard, visit) => visitFolder(folder, guard, visit));
    assert.deepEqual(Object.entries(found), [["B", "B"], ["a", "a"], ["b/10", "b/10"], ["b/2", "b/2"]]);
  }));

Deno.test("listFolder refuses a symbolic link, to a file or to a folder", () =>
  inFolder(async (folder) => {
    await put(folder, "data/a", "1");
    await Deno.symlink("/etc", `${folder}/data/out`);
    const guard = new Guard(`${folder}/data`, LIMITS);
    await assert.rejects(listFolder(`${folder}/data`, guard), /member "out" of .*found a symlink/);
  }));

Deno.test("visitFolder keeps to the limits", () =>
  inFolder(async (folder) => {
    await put(folder, "a", "12345");
    const limits = { ...LIMITS, memberBytes: 4 };
    await assert.rejects(
      readAll(folder, (guard, visit) => visitFolder(folder, guard, visit), limits),
      /at most 4 bytes, found 5/,
    );
  }));
