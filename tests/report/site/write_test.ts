import assert from "node:assert/strict";
import { join } from "node:path";
import { AssayError } from "../../../src/base/error.ts";
import { sha256 } from "../../../src/base/canonical.ts";
import { writeSite } from "../../../src/report/site/write.ts";
import { inFolder, put } from "../../record/synthetic_run.ts";

const site = (...names: string[]) => new Map(names.map((n) => [n, `text of ${n}`]));
const exists = (path: string) => Deno.stat(path).then(() => true, () => false);

Deno.test("writeSite writes every file and lists it with its SHA-256", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "new/site");
    await writeSite(out, site("index.html", "a/b.html"));
    assert.equal(await Deno.readTextFile(join(out, "a/b.html")), "text of a/b.html");
    const list = JSON.parse(await Deno.readTextFile(join(out, "site.json")));
    assert.deepEqual(list.files, {
      "a/b.html": sha256("text of a/b.html"),
      "index.html": sha256("text of index.html"),
    });
  });
});

Deno.test("writeSite over an earlier site removes the pages that are no longer made, and only those", async () => {
  await inFolder(async (out) => {
    await writeSite(out, site("index.html", "old.html"));
    await put(join(out, "mine.txt"), "kept");
    await writeSite(out, site("index.html", "new.html"));
    assert.ok(await exists(join(out, "new.html")) && await exists(join(out, "mine.txt")));
    assert.ok(!await exists(join(out, "old.html")));
  });
});

Deno.test("writeSite refuses a folder of somebody else and leaves it alone", async () => {
  await inFolder(async (folder) => {
    await put(join(folder, "a/thesis.txt"), "x");
    await put(join(folder, "b/site.json"), "{");
    await put(join(folder, "c/site.json"), '{"format":"assay-site-1","files":{"../thesis.txt":"0"}}');
    for (const name of ["a", "b", "c", "a/thesis.txt"]) {
      await assert.rejects(writeSite(join(folder, name), site("index.html")), (error) => {
        assert.ok(error instanceof AssayError);
        assert.match(error.message, /must be new, empty or an earlier site.*--out/);
        return true;
      });
      assert.ok(!await exists(join(folder, name, "index.html")));
    }
  });
});
