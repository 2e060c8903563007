/**
 * Where archives are looked for: the folder `ASSAY_DATA` when it is set, then `datasets/cache`, then
 * `../shared/datasets` beside the project. The first that has the file wins; what is found must still match the
 * manifest, so another file of the same name is an error and never taken instead.
 */
import { resolve } from "node:path";
import { failure } from "../base/error.ts";
import type { Manifest } from "./manifest.ts";

/** Folders in lookup order. */
export function searchFolders(root: string): string[] {
  const own = Deno.env.get("ASSAY_DATA");
  return [
    ...(own ? [resolve(own)] : []),
    resolve(root, "datasets/cache"),
    resolve(root, "../shared/datasets"),
  ];
}

/** A manifest's bytes on this machine. */
export interface Located {
  readonly kind: "file" | "folder";
  readonly path: string;
  readonly format: "tar.gz" | "tar" | "zip" | "folder";
}

async function kindOf(path: string): Promise<"file" | "folder" | undefined> {
  try {
    const info = await Deno.stat(path);
    return info.isFile ? "file" : info.isDirectory ? "folder" : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}

/** The dataset's archive or folder, or undefined where this machine does not have it. */
export async function findSource(manifest: Manifest, root: string): Promise<Located | undefined> {
  const { source } = manifest;
  if (source.kind === "generated") return undefined;
  for (const folder of searchFolders(root)) {
    if (source.kind === "archive") {
      const path = `${folder}/${source.archive.file}`;
      if (await kindOf(path) === "file") return { kind: "file", path, format: source.archive.format };
      continue;
    }
    const tree = `${folder}/${source.stem}`;
    if (await kindOf(tree) === "folder") return { kind: "folder", path: tree, format: "folder" };
    for (const format of ["tar", "tar.gz", "zip"] as const) {
      const path = `${tree}.${format}`;
      if (await kindOf(path) === "file") return { kind: "file", path, format };
    }
  }
  return undefined;
}

/** As `findSource`, but an error that names every place looked at when there is nothing. */
export async function requireSource(manifest: Manifest, root: string): Promise<Located> {
  const found = await findSource(manifest, root);
  if (found) return found;
  const { source, name } = manifest;
  const wanted = source.kind === "archive"
    ? source.archive.file
    : source.kind === "tree"
    ? `${source.stem}/`
    : name;
  const fetchable = source.kind === "archive" && source.archive.url !== null;
  throw failure({
    operation: "load",
    object: `dataset "${name}"`,
    required: `"${wanted}" must be in one of ${searchFolders(root).join(", ")}`,
    found: "it in none of them",
    wayOut: fetchable
      ? `run "data fetch ${name}" or set ASSAY_DATA to the folder that holds it`
      : source.kind === "tree"
      ? source.instructions
      : "put it there or set ASSAY_DATA to the folder that holds it",
  });
}
