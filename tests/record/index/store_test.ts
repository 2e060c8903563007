import assert from "node:assert/strict";
import { join } from "node:path";
import { AssayError } from "../../../src/base/error.ts";
import { RunIndex } from "../../../src/record/index/store.ts";
import { made, writeRun } from "../recorded.ts";

async function inFolder(test: (folder: string, open: () => RunIndex) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  let index: RunIndex | undefined;
  try {
    await test(folder, () => index = RunIndex.open(join(folder, "index.sqlite")));
  } finally {
    index?.close();
    await Deno.remove(folder, { recursive: true });
  }
}

const says = (pattern: RegExp) => (error: unknown) =>
  error instanceof AssayError && pattern.test(error.message);

Deno.test("RunIndex gives back what scanning found, filtered, and the same after it was deleted", () =>
  inFolder(async (folder, open) => {
    await writeRun(join(folder, "x/sdiet-0"), made());
    await writeRun(join(folder, "x/runs/diet-1"), made({ method: "diet", seed: 1, end: "killed" }));
    await writeRun(join(folder, "x/cifar"), made({ method: "diet", seed: 2, dataset: "cifar10" }));
    const index = open();
    assert.equal(await index.scan(join(folder, "x")), 3);
    assert.deepEqual(index.list().map((r) => r.name), ["cifar", "diet-1", "sdiet-0"]);
    assert.deepEqual(index.list({ method: "diet" }).map((r) => r.seed), [2, 1]);
    assert.deepEqual(index.list({ method: "diet", dataset: "shapes" }).map((r) => r.status), ["unfinished"]);
    assert.deepEqual(index.list({ status: "completed", method: undefined }).length, 2);
    const before = index.list();
    index.close();
    await Deno.remove(join(folder, "index.sqlite"));
    const again = open();
    await again.refresh(join(folder, "x"));
    assert.deepEqual(again.list(), before);
  }));

Deno.test("RunIndex forgets runs and folders that are gone and keeps what lies beside them", () =>
  inFolder(async (folder, open) => {
    await writeRun(join(folder, "x/a"), made());
    await writeRun(join(folder, "x/b"), made({ seed: 1 }));
    await writeRun(join(folder, "xx/c"), made({ seed: 2 }));
    const index = open();
    await index.scan(join(folder, "x"));
    await index.scan(join(folder, "xx"));
    await Deno.remove(join(folder, "x/a"), { recursive: true });
    assert.deepEqual(await index.refresh(join(folder, "x")), []);
    assert.deepEqual(index.list().map((r) => r.name), ["b", "c"]);
    await Deno.remove(join(folder, "x"), { recursive: true });
    assert.deepEqual(await index.refresh(join(folder, "xx")), [join(folder, "x")]);
    assert.deepEqual(index.list().map((r) => r.name), ["c"]);
    assert.deepEqual(index.roots, [join(folder, "xx")]);
  }));

Deno.test("RunIndex finds a run by name or folder and says what there is otherwise", () =>
  inFolder(async (folder, open) => {
    await writeRun(join(folder, "p/a"), made());
    await writeRun(join(folder, "q/a"), made({ seed: 1 }));
    await writeRun(join(folder, "q/b"), made({ seed: 2 }));
    const index = open();
    await index.scan(folder);
    assert.equal(index.find("b", "elsewhere").seed, 2);
    assert.equal(index.find("q/a", join(folder, "q/a")).seed, 1);
    assert.throws(() => index.find("a", "elsewhere"), says(/found 2: .*p\/a, .*q\/a; name its folder/));
    assert.throws(() => index.find("c", "elsewhere"), says(/none among 3 runs; choose one such as a, a, b/));
  }));

Deno.test("RunIndex refuses a file that is no index and makes another layout anew", () =>
  inFolder(async (folder, open) => {
    const path = join(folder, "index.sqlite");
    await Deno.writeTextFile(path, "certainly not a database");
    assert.throws(
      open,
      says(/found file is not a database; if it is an index that was damaged, delete it.*--index/),
    );
    await Deno.remove(path);
    open().close();
    const { DatabaseSync } = await import("node:sqlite");
    const db = new DatabaseSync(path);
    db.exec("DROP TABLE runs; PRAGMA user_version = 99");
    db.close();
    assert.deepEqual(open().list(), []);
  }));
