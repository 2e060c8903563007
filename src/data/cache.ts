/**
 * Decoded pixels on disk, so that a second run does not decode again. `<name>-<size>-<hash>.u8` holds the images,
 * (N, size, size, 3), and nothing else, so it can be mapped into memory; `.json` beside it holds what they are and their
 * hash. The pair is written under other names and renamed into place, the pixels first, and the pixels are hashed on
 * every load: pixels of another hash are not used. Splits that do not fit into memory are always kept here and read
 * image by image.
 */
import { AssayError, failure } from "../base/error.ts";
import { hashPixelFile, hashPixels } from "./hashes.ts";
import { sha256 } from "../base/sha256.ts";
import { intoFile, type Sink } from "./pixels.ts";

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
  return await checked(key, bytes, async (path, count) => {
    const images = await Deno.readFile(path);
    return { images, pixels: hashPixels(images, count, key.size) };
  });
}

/** A split in a file of the cache: where it lies and the hash of its pixels. */
export interface CacheFile {
  readonly path: string;
  readonly pixels: string;
  readonly state: "hit" | "written" | "rewritten";
}

/**
 * The split as a file, decoded into it where it is absent or damaged. Two processes that need the same file take turns,
 * and the second finds what the first wrote. Errors: the disk's, naming the file; a half-written one is removed.
 */
export async function cacheFile(
  key: CacheKey,
  count: number,
  decode: (sink: Sink) => Promise<void>,
): Promise<CacheFile> {
  const bytes = count * key.size * key.size * 3;
  const path = `${cacheStem(key)}.u8`;
  const before = await checkFile(key, bytes);
  if (before.state === "hit") return { path, pixels: before.pixels, state: "hit" };
  await Deno.mkdir(key.folder, { recursive: true });
  const partial = `${path}.partial`;
  using file = await Deno.open(partial, { write: true, create: true });
  await file.lock(true);
  const now = await checkFile(key, bytes);
  if (now.state === "hit") return { path, pixels: now.pixels, state: "hit" };
  try {
    await file.truncate(0); // what a killed process left
    await file.truncate(bytes);
    await decode(intoFile(file, key.size));
    await file.syncData();
    await Deno.rename(partial, path);
  } catch (cause) {
    await Deno.remove(partial).catch(() => {});
    if (cause instanceof AssayError) throw cause;
    throw unwritten(path, bytes, "free some space or choose a smaller size", cause);
  }
  const pixels = await hashPixelFile(path, count, key.size);
  await put(`${cacheStem(key)}.json`, about(key, count, pixels));
  return { path, pixels, state: before.state === "damaged" ? "rewritten" : "written" };
}

/** As `readCache`, without reading the pixels into memory. */
const checkFile = (key: CacheKey, bytes: number) =>
  checked(key, bytes, async (path, count) => ({ pixels: await hashPixelFile(path, count, key.size) }));

/** Looks a pair up; `look` reads its pixels, whose hash and length must be those stated. */
async function checked<T extends { readonly pixels: string }>(
  key: CacheKey,
  bytes: number,
  look: (path: string, count: number) => Promise<T>,
): Promise<{ readonly state: "absent" | "damaged" } | ({ readonly state: "hit" } & T)> {
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
  const found = await look(`${stem}.u8`, bytes / (key.size * key.size * 3));
  return found.pixels === expected ? { state: "hit", ...found } : { state: "damaged" };
}

/** Writes the pair atomically. Errors: the disk's, naming the file; a half-written file is removed. */
export async function writeCache(key: CacheKey, images: Uint8Array, pixels: string): Promise<void> {
  await Deno.mkdir(key.folder, { recursive: true });
  await put(`${cacheStem(key)}.u8`, images);
  await put(`${cacheStem(key)}.json`, about(key, images.length / (key.size * key.size * 3), pixels));
}

/** The description beside the pixels. */
function about({ name, archive, list, size, decoder, resize }: CacheKey, images: number, pixels: string) {
  const text = JSON.stringify({ name, size, images, archive, list, decoder, resize, pixels }, null, 2);
  return new TextEncoder().encode(`${text}\n`);
}

async function put(path: string, data: Uint8Array): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.writeFile(temporary, data);
    await Deno.rename(temporary, path);
  } catch (cause) {
    await Deno.remove(temporary).catch(() => {});
    throw unwritten(path, data.length, "free some space or load without the cache", cause);
  }
}

const unwritten = (path: string, bytes: number, wayOut: string, cause: unknown): AssayError =>
  failure({
    operation: "write",
    object: `the decoded cache "${path}"`,
    required: `${bytes} bytes must be writable`,
    found: (cause as Error).message,
    wayOut,
  }, cause);
