import assert from "node:assert/strict";
import { writeWhole } from "../../src/base/write_whole.ts";

const bytes = new TextEncoder().encode("whole");

Deno.test("writeWhole replaces a file, follows a link, and writes to a device as it is", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/file`, "before, and longer");
    await Deno.symlink(`${folder}/file`, `${folder}/link`);
    await writeWhole(`${folder}/link`, bytes);
    assert.equal(await Deno.readTextFile(`${folder}/file`), "whole");
    assert.ok((await Deno.lstat(`${folder}/link`)).isSymlink);
    await writeWhole("/dev/null", bytes);
    assert.ok((await Deno.stat("/dev/null")).isCharDevice);
    assert.deepEqual([...Deno.readDirSync(folder)].map((e) => e.name).sort(), ["file", "link"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("writeWhole leaves nothing behind where it cannot write", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await assert.rejects(
      writeWhole(`${folder}/none/file`, bytes),
      /Cannot write ".*none\/file": its folder must exist/,
    );
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
