/**
 * The one zip form of a bundle: entries stored, sorted by path, dated 1980-01-01, no comments, no extra fields. Files
 * that are equal give archives that are equal, so a reader writes the archive again and compares all of it: a byte
 * outside the files cannot change unseen either. Nothing is compressed, so nothing can unpack to more than was read.
 */
import { unzipSync, zipSync } from "fflate";
import { pathProblem } from "./paths.ts";

/** Most bytes of a zip bundle; larger ones are written as a folder. */
export const MAX_ZIP_BYTES = 2 ** 31 - 1;
const MAX_ENTRIES = 65_534;

/** Why bytes are no zip bundle. */
export class ZipProblem extends Error {}

/** Packs files, given by path. */
export function writeZip(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  const paths = [...files.keys()].sort();
  const options = { level: 0 as const, mtime: new Date(1980, 0, 1), os: 0, attrs: 0 }; // fflate reads local time
  return zipSync(Object.fromEntries(paths.map((path) => [path, [files.get(path)!, options]])));
}

/** Files of a zip bundle by path. Throws a ZipProblem for anything that `writeZip` would not have written. */
export function readZip(bytes: Uint8Array): Map<string, Uint8Array> {
  const seen = new Set<string>();
  let total = 0;
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(bytes, {
      filter: ({ name, compression, size, originalSize }) => {
        const problem = pathProblem(name);
        if (problem) throw new ZipProblem(`entry ${JSON.stringify(name)} ${problem}`);
        if (seen.has(name)) throw new ZipProblem(`entry "${name}" occurs twice`);
        if (compression !== 0) {
          throw new ZipProblem(`entry "${name}" is compressed, a bundle stores its files`);
        }
        if (size !== originalSize) throw new ZipProblem(`entry "${name}" states two sizes`);
        total += size;
        if (total > bytes.length) throw new ZipProblem("the entries hold more bytes than the archive");
        if (seen.size >= MAX_ENTRIES) throw new ZipProblem(`it has more than ${MAX_ENTRIES} entries`);
        seen.add(name);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof ZipProblem) throw error;
    throw new ZipProblem(
      `it is no zip archive or a damaged one (${error instanceof Error ? error.message : error})`,
    );
  }
  const files = new Map(Object.entries(entries));
  const again = writeZip(files);
  const at = firstDifference(bytes, again);
  if (at >= 0) {
    throw new ZipProblem(
      `byte ${at} of the archive differs from the archive that its files give${near(files, at)}`,
    );
  }
  return files;
}

/** Index of the first byte in which two arrays differ, or -1. */
export function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return i;
  return a.length === b.length ? -1 : length;
}

/** The entry in whose header or content a byte lies. */
function near(files: ReadonlyMap<string, Uint8Array>, at: number): string {
  let end = 0;
  for (const path of [...files.keys()].sort()) {
    end += 30 + new TextEncoder().encode(path).length + files.get(path)!.length;
    if (at < end) return ` (entry "${path}")`;
  }
  return " (its directory)";
}
