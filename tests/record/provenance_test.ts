import assert from "node:assert/strict";
import { readCommit } from "../../src/record/provenance.ts";
import { inFolder, put } from "./synthetic_run.ts";

const a = "a".repeat(40), b = "b".repeat(40);
const commitOf = async (root: string) => (await readCommit(root)).commit;

Deno.test("readCommit reads a detached head, a loose and a packed reference", () =>
  inFolder(async (root) => {
    assert.deepEqual(await readCommit(root), { commit: null, dirty: null });
    await put(`${root}/.git/HEAD`, `${a}\n`);
    assert.equal(await commitOf(root), a);
    await put(`${root}/.git/HEAD`, "ref: refs/heads/main\n");
    assert.equal(await commitOf(root), null);
    await put(
      `${root}/.git/packed-refs`,
      `# pack-refs with: peeled\n${b} refs/heads/other\n${a} refs/heads/main\n`,
    );
    assert.equal(await commitOf(root), a);
    await put(`${root}/.git/refs/heads/main`, `${b}\n`);
    assert.equal(await commitOf(root), b);
  }));

Deno.test("readCommit follows a worktree to its references", () =>
  inFolder(async (root) => {
    await put(`${root}/main/.git/refs/heads/topic`, `${a}\n`);
    await put(`${root}/main/.git/worktrees/w/HEAD`, "ref: refs/heads/topic\n");
    await put(`${root}/main/.git/worktrees/w/commondir`, "../..\n");
    await put(`${root}/w/.git`, `gitdir: ${root}/main/.git/worktrees/w\n`);
    assert.equal(await commitOf(`${root}/w`), a);
  }));

Deno.test("readCommit does not take a damaged reference for a commit", () =>
  inFolder(async (root) => {
    await put(`${root}/.git/HEAD`, "not a commit\n");
    assert.equal(await commitOf(root), null);
  }));
