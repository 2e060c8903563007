/**
 * The three hashes of a dataset as it was used, all SHA-256 in lower-case hexadecimal:
 *
 * - archive: the bytes as they were distributed. One file: its SHA-256. A folder: SHA-256 of the lines
 *   "<sha256 of file>  <path>\n" sorted by path. Generated data: SHA-256 of the generator's name.
 * - pixels: SHA-256 of the line "u8 <N> <H> <W> 3\n" followed by the decoded images, (N, H, W, 3).
 * - list: SHA-256 of one line "<label>\t<class>\t<name>\n" per image in order; an unlabelled image has "-" twice.
 */
import { createHash } from "node:crypto";

/** Label of an image without a class. */
export const UNLABELLED = 0xffffffff;

/** Hash of decoded images, (count, size, size, 3). */
export function hashPixels(images: Uint8Array, count: number, size: number): string {
  const hash = createHash("sha256").update(`u8 ${count} ${size} ${size} 3\n`);
  const step = 1 << 26; // node's hash takes at most 2^31 - 1 bytes at once
  for (let at = 0; at < images.length; at += step) hash.update(images.subarray(at, at + step));
  return hash.digest("hex");
}

/** The same hash of images in a file that holds nothing else. */
export async function hashPixelFile(path: string, count: number, size: number): Promise<string> {
  const hash = createHash("sha256").update(`u8 ${count} ${size} ${size} 3\n`);
  const file = await Deno.open(path);
  for await (const chunk of file.readable) hash.update(chunk);
  return hash.digest("hex");
}

/** Hash of a split list: names and labels in order. */
export function hashList(names: readonly string[], labels: Uint32Array, classes: readonly string[]): string {
  const hash = createHash("sha256");
  names.forEach((name, i) => {
    const label = labels[i]!;
    hash.update(label === UNLABELLED ? `-\t-\t${name}\n` : `${label}\t${classes[label]}\t${name}\n`);
  });
  return hash.digest("hex");
}
