/** The files of a bundle, from a folder or a zip: listed, read and hashed the same way. Nothing is written. */
import { join } from "node:path";
import { hashFile, sha256 } from "../base/sha256.ts";
import { failure } from "../base/error.ts";
import { pathProblem } from "./paths.ts";
import { MAX_ZIP_BYTES, readZip, ZipProblem } from "./zip.ts";

/** Largest file that is read as a whole; larger ones, checkpoints, are only hashed. */
const MAX_READ_BYTES = 2 ** 29;

export interface BundleFiles {
  /** Where the bundle is. */
  readonly path: string;
  readonly kind: "folder" | "zip";
  /** Sizes in bytes by path, sorted by path. */
  readonly sizes: ReadonlyMap<string, number>;
  /** What the container itself shows to be wrong: symbolic links, special files, a zip that is not canonical. */
  readonly problems: readonly { readonly place: string; readonly message: string }[];
  read(path: string): Promise<Uint8Array>;
  /** SHA-256 of a file. */
  hash(path: string): Promise<string>;
  /** Place of a file on disk; undefined inside a zip. */
  onDisk(path: string): string | undefined;
}

/** Opens a folder or a zip. Throws an AssayError when there is neither. */
export async function openBundle(path: string): Promise<BundleFiles> {
  let info: Deno.FileInfo;
  try {
    info = await Deno.stat(path);
  } catch (cause) {
    throw refuse(path, "it must exist and be readable", message(cause), "check the path", cause);
  }
  if (info.isDirectory) return await folderFiles(path);
  if (!info.isFile) throw refuse(path, "it must be a folder or a .zip file", "neither", "check the path");
  if (info.size > MAX_ZIP_BYTES) {
    throw refuse(
      path,
      `a zip bundle has at most ${MAX_ZIP_BYTES} bytes`,
      `${info.size}`,
      "unpack it into a folder",
    );
  }
  const bytes = await Deno.readFile(path);
  if (bytes.length < 4 || bytes[0] !== 0x50 || bytes[1] !== 0x4b) {
    // A flip in the first bytes of a bundle comes here too, and is refused as well.
    throw refuse(
      path,
      "it must be a folder or a zip archive",
      "a file that starts otherwise",
      "name a bundle",
    );
  }
  return openZip(path, bytes);
}

/** A zip bundle from its bytes. */
export function openZip(path: string, bytes: Uint8Array): BundleFiles {
  let files: Map<string, Uint8Array>;
  try {
    files = readZip(bytes);
  } catch (error) {
    if (!(error instanceof ZipProblem)) throw error;
    return memoryFiles(path, new Map(), [{ place: path, message: error.message }]);
  }
  return memoryFiles(path, files);
}

/** Files that are in memory. */
export function memoryFiles(
  path: string,
  files: ReadonlyMap<string, Uint8Array>,
  problems: BundleFiles["problems"] = [],
): BundleFiles {
  const read = (name: string) => files.get(name) ?? absent(path, name);
  return {
    path,
    kind: "zip",
    sizes: new Map([...files].sort(([a], [b]) => a < b ? -1 : 1).map(([name, data]) => [name, data.length])),
    problems,
    read: (name) => Promise.resolve(read(name)),
    hash: (name) => Promise.resolve(sha256(read(name))),
    onDisk: () => undefined,
  };
}

/** The files below a folder. */
export async function folderFiles(root: string): Promise<BundleFiles> {
  const sizes: [string, number][] = [];
  const problems: { place: string; message: string }[] = [];
  const walk = async (folder: string): Promise<void> => {
    for await (const entry of Deno.readDir(join(root, folder))) {
      const path = folder + entry.name;
      const problem = pathProblem(path);
      if (problem) problems.push({ place: path, message: problem });
      else if (entry.isSymlink) {
        problems.push({ place: path, message: "is a symbolic link, a bundle has none" });
      } else if (entry.isDirectory) await walk(`${path}/`);
      else if (entry.isFile) sizes.push([path, (await Deno.stat(join(root, path))).size]);
      else problems.push({ place: path, message: "is neither a file nor a folder" });
    }
  };
  await walk("");
  const known = new Map(sizes.sort(([a], [b]) => a < b ? -1 : 1));
  const place = (path: string) => known.has(path) ? join(root, path) : absent(root, path);
  return {
    path: root,
    kind: "folder",
    sizes: known,
    problems,
    read: async (path) => {
      const size = known.get(path) ?? 0;
      if (size > MAX_READ_BYTES) {
        throw refuse(
          `${root}/${path}`,
          `at most ${MAX_READ_BYTES} bytes`,
          `${size}`,
          "it is no file of a bundle",
        );
      }
      return await Deno.readFile(place(path));
    },
    hash: async (path) => (await hashFile(place(path))).sha256,
    onDisk: (path) => known.has(path) ? join(root, path) : undefined,
  };
}

function absent(bundle: string, path: string): never {
  throw refuse(bundle, `it must hold ${path}`, "no such file", "copy the whole bundle again");
}

function refuse(path: string, required: string, found: string, wayOut: string, cause?: unknown): Error {
  return failure({ operation: "read", object: `bundle "${path}"`, required, found, wayOut }, cause);
}

function message(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** UTF-8 text, every byte of it: no byte-order mark is dropped, a damaged sequence is an error. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** Folders of a bundle that hold a run. */
export function runFolders(paths: Iterable<string>): string[] {
  return [...paths].filter((path) => path.endsWith("/events.jsonl")).map((path) => path.slice(0, -12)).sort();
}
