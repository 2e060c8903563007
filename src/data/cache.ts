/**
 * Decoded pixels on disk, so that a second run does not decode again. `<name>-<size>-<hash>.u8` holds the images,
 * (N, size, size, 3), and nothing else, so it can be mapped into memory; `.json` beside it holds what they are and their
 * hash. The pair is written under other names and renamed into place, the pixels first, and the pixels are hashed on
 * every load: a cache can be missing or stale, never wrong.
 */
import { failure } from "../error.ts";
import { hashPixels, sha256 } from "./hashes.ts";

/** Everything that decides the pixels. */
export interface CacheKey {
  readonly folder: string;
  readonly name: string;
  readonly archive: string;
  readonly list: string;
  readonly size: number;
  readonly decoder: string;
  readonly resize: string;
}

/** What was found: nothing, pixels that match their hash, or a pair that does not. */
export type CacheRead =
  | { readonly state: "absent" | "damaged" }
  | { readonly state: "hit"; readonly images: Uint8Array; readonly pixels: string };

/** Path of the pixels without its ending. */
export function cacheStem(key: CacheKey): string {
  const { archive, list, size, decoder, resize } = key;
  const hash = sha256(JSON.stringify([archive, list, size, decoder, resize])).slice(0, 16);
  return `${key.folder}/${key.name}-${size}-${hash}`;
}

async function readOrNothing<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Looks the pixels up; `bytes` is the length they must have. */
export async function readCache(key: CacheKey, bytes: number): Promise<CacheRead> {
  const stem = cacheStem(key);
  const text = await readOrNothing(Deno.readTextFile(`${stem}.json`));
  const info = await readOrNothing(Deno.stat(`${stem}.u8`));
  if (text === undefined || info === undefined) return { state: "absent" };
  if (info.size !== bytes) return { state: "damaged" };
  let expected: unknown;
  try {
    expected = JSON.parse(text).pixels;
  } catch {
    return { state: "damaged" };
  }
  const images = await Deno.readFile(`${stem}.u8`);
  const pixels = hashPixels(images, bytes / (key.size * key.size * 3), key.size);
  return pixels === expected ? { state: "hit", images, pixels } : { state: "damaged" };
}

/** Writes the pair atomically. Errors: the disk's, naming the file; a half-written file is removed. */
export async function writeCache(key: CacheKey, images: Uint8Array, pixels: string): Promise<void> {
  const stem = cacheStem(key);
  const { archive, list, size, decoder, resize } = key;
  const about = {
    name: key.name,
    size,
    images: images.length / (size * size * 3),
    archive,
    list,
    decoder,
    resize,
    pixels,
  };
  await Deno.mkdir(key.folder, { recursive: true });
  const put = async (path: string, data: Uint8Array): Promise<void> => {
    const temporary = `${path}.${crypto.randomUUID()}.tmp`;
    try {
      await Deno.writeFile(temporary, data);
      await Deno.rename(temporary, path);
    } catch (cause) {
      await Deno.remove(temporary).catch(() => {});
      throw failure({
        operation: "write",
        object: `the decoded cache "${path}"`,
        required: `${data.length} bytes must be writable`,
        found: (cause as Error).message,
        wayOut: "free some space or load without the cache",
      }, cause);
    }
  };
  await put(`${stem}.u8`, images);
  await put(`${stem}.json`, new TextEncoder().encode(JSON.stringify(about, null, 2) + "\n"));
}
