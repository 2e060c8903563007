/** A folder of files, visited in name order; symbolic links inside it are refused. */
import type { Guard, Visitor } from "./guard.ts";

/** Paths of all regular files below `root`, relative, sorted by code unit. */
export async function listFolder(root: string, guard: Guard): Promise<string[]> {
  const files: string[] = [];
  const walk = async (prefix: string): Promise<void> => {
    for await (const entry of Deno.readDir(`${root}/${prefix}`)) {
      const path = `${prefix}${entry.name}`;
      if (entry.isSymlink) guard.refuse(path, "symlink");
      if (entry.isDirectory) await walk(`${path}/`);
      else if (entry.isFile) files.push(path);
      else guard.refuse(path, "device");
    }
  };
  await walk("");
  return files.sort();
}

/** Visits every regular file. Errors: those of `Guard`, a symbolic link. */
export async function visitFolder(root: string, guard: Guard, visit: Visitor): Promise<void> {
  for (const path of await listFolder(root, guard)) {
    const info = await Deno.stat(`${root}/${path}`);
    const consume = visit(guard.accept(path, info.size));
    if (!consume) continue;
    const file = await Deno.open(`${root}/${path}`);
    await consume(file.readable);
  }
}
