/**
 * Which commit the program's files come from, read from the checkout without running git where possible. The content
 * hashes of environment.ts are what identifies the code; a commit is where a reader finds it.
 */
import { isAbsolute, join } from "node:path";

export interface Commit {
  /** 40 or 64 hexadecimal digits, or null outside a checkout. */
  readonly commit: string | null;
  /** Whether tracked files differ from the commit; null where git may not be run. */
  readonly dirty: boolean | null;
}

/** Commit and state of the checkout at `root`. */
export async function readCommit(root: string): Promise<Commit> {
  const commit = await headCommit(root);
  return { commit, dirty: commit === null ? null : await isDirty(root) };
}

/** The commit that HEAD names, or null. Follows a worktree's `.git` file and packed references. */
async function headCommit(root: string): Promise<string | null> {
  let folder = join(root, ".git");
  const pointer = await text(folder);
  const target = pointer?.match(/^gitdir: (.+)$/m)?.[1];
  if (target !== undefined) folder = isAbsolute(target) ? target : join(root, target);
  const head = (await text(join(folder, "HEAD")))?.trim();
  if (head === undefined) return null;
  const name = head.match(/^ref: (.+)$/)?.[1];
  if (name === undefined) return asCommit(head);
  const common = (await text(join(folder, "commondir")))?.trim();
  const places = [
    folder,
    ...(common === undefined ? [] : [isAbsolute(common) ? common : join(folder, common)]),
  ];
  for (const place of places) {
    const loose = asCommit((await text(join(place, name)))?.trim());
    if (loose) return loose;
    const packed = (await text(join(place, "packed-refs")))?.split("\n").find((l) => l.endsWith(` ${name}`));
    const found = asCommit(packed?.split(" ")[0]);
    if (found) return found;
  }
  return null;
}

/** Asks git, where the process may run it. */
async function isDirty(root: string): Promise<boolean | null> {
  try {
    if ((await Deno.permissions.query({ name: "run", command: "git" })).state !== "granted") return null;
    const { code, stdout } = await new Deno.Command("git", {
      args: ["status", "--porcelain", "--untracked-files=no"],
      cwd: root,
      stderr: "null",
    }).output();
    return code === 0 ? stdout.length > 0 : null;
  } catch {
    return null; // no git here
  }
}

function asCommit(value: string | undefined): string | null {
  return value !== undefined && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(value) ? value : null;
}

async function text(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return undefined; // not there, or a folder
  }
}
