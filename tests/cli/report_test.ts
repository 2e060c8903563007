import assert from "node:assert/strict";
import { join } from "node:path";
import { run } from "../../src/cli/report.ts";
import { AssayError } from "../../src/base/error.ts";
import { inFolder, put } from "../record/synthetic_run.ts";
import { withSampleFolder } from "../report/site/sample.ts";
import { captured } from "./captured.ts";

Deno.test("report builds the site of the committed claims and the named results, and says where it is", async () => {
  await withSampleFolder((results) =>
    inFolder(async (folder) => {
      const out = join(folder, "site");
      const { code, out: said } = await captured(() =>
        run(["--out", out, "--results", results, "--runs", results])
      );
      assert.equal(code, 0);
      assert.match(
        said,
        /^\d+ pages: \d+ claims, \d+ reproduced tables?, \d+ runs?\. Open .*\/site\/index\.html$/,
      );
      const index = await Deno.readTextFile(join(out, "index.html"));
      assert.match(index, />demo\/t1</);
      assert.match(index, />compress</);
    })
  );
});

Deno.test("report exits with 1 and names the file that it could not read; the site is there", async () => {
  await inFolder(async (folder) => {
    await put(join(folder, "in/run.json"), "{");
    const out = join(folder, "site");
    const { code, err } = await captured(() => run(["--out", out, "--runs", join(folder, "in")]));
    assert.equal(code, 1);
    assert.match(err, /in\/run\.json.*must be JSON/);
    assert.match(await Deno.readTextFile(join(out, "index.html")), /Not readable/);
  });
});

Deno.test("report refuses a missing folder and a folder of somebody else", async () => {
  await inFolder(async (folder) => {
    await assert.rejects(run(["--out", join(folder, "s"), "--runs", join(folder, "none")]), AssayError);
    await put(join(folder, "thesis/chapter.txt"), "x");
    await put(join(folder, "empty/.keep"), "");
    await assert.rejects(run(["--out", join(folder, "thesis"), "--runs", join(folder, "empty")]), AssayError);
  });
});
