/**
 * Loads a split of a dataset: checks the archive against its manifest, lists the split, decodes the
 * chosen images and returns them with the three hashes that every run records.
 */
import { failure } from "../base/error.ts";
import { cacheFile, readCache, writeCache } from "./cache.ts";
import { RESIZE_KERNEL } from "./decode/resize.ts";
import { type Geometry, requireGeometry } from "./geometry.ts";
import { hashList, hashPixels } from "./hashes.ts";
import { type FileDigest, hashFile, sha256 } from "../base/sha256.ts";
import { planShapes } from "./layout/generated.ts";
import { planImages } from "./layout/images.ts";
import { checkCounts, firstPerClass, splitError, type SplitPlan } from "./layout/plan.ts";
import { planRecords } from "./layout/records.ts";
import { type Located, requireSource } from "./locate.ts";
import { type Archive, type Expectation, type Manifest, readManifest } from "./manifest.ts";
import { projectRoot } from "../base/project_root.ts";
import { inFile, inMemory, intoMemory, type Pixels, type Sink } from "./pixels.ts";
import { Guard } from "./source/guard.ts";
import { listFolder } from "./source/folder.ts";

/** What identifies the data of a run; see `hashes.ts` for the definitions. */
export interface DataHashes {
  readonly archive: string;
  readonly pixels: string;
  readonly split: string;
}

/** A split, decoded. */
export interface Dataset {
  readonly name: string;
  readonly split: string;
  /** Side of the images in pixels. */
  readonly size: number;
  /** How they were made of the originals. */
  readonly geometry: "square";
  /** Images of each class, null for all. */
  readonly perClass: number | null;
  /** Its images, in memory or in a file. */
  readonly pixels: Pixels;
  /** RGB u8, (N, size, size, 3). Throws for a split in a file. */
  readonly images: Uint8Array;
  /** Class of each image, 0xffffffff where it has none. */
  readonly labels: Uint32Array;
  /** Unique name of each image. */
  readonly names: readonly string[];
  readonly classes: readonly string[];
  readonly hashes: DataHashes;
  /** Name and version of what decoded the images. */
  readonly decoder: string;
  /** Name and version of the resize kernel, "none" where images already had their size. */
  readonly resize: string;
  /** Whether the pixels came from the decoded cache. */
  readonly cache: "off" | "hit" | "written" | "rewritten";
}

/** What to load. */
export interface LoadOptions {
  readonly split: string;
  /** Side in pixels; the dataset's own by default, where it has one. */
  readonly size?: number;
  /** How stored images are made of the originals. Default and only one built: `square`. */
  readonly geometry?: Geometry;
  /** Keep the first n images of each class in name order. */
  readonly perClass?: number;
  /** Project root that holds `datasets/`. */
  readonly root?: string;
  /** Keep decoded pixels under `datasets/cache` for the next time; they are checked by hash on every load. */
  readonly cache?: boolean;
  /**
   * Most bytes of decoded images to hold in memory; a larger split is decoded once into `datasets/cache` and read from
   * there. Default 8 GiB, the most that one array holds.
   */
  readonly memory?: number;
  /** Compare with the hashes recorded in the manifest; true by default. */
  readonly check?: boolean;
  readonly progress?: (done: number, total: number) => void;
}

/** Splits beyond this cannot be held in one array. */
const MAX_BYTES = 2 ** 33;

/** Throws unless the file is the archive of the manifest; returns its digests. */
export async function checkArchive(path: string, archive: Archive): Promise<FileDigest> {
  const digest = await hashFile(path, archive.md5 !== null);
  const wrong = (what: string, wanted: string | number, found: string | number): never => {
    throw failure({
      operation: "use",
      object: `archive "${path}"`,
      required: `its ${what} must be ${wanted}`,
      found: `${found}, so it is truncated, edited or another file`,
      wayOut: "delete it and get a fresh copy",
    });
  };
  if (archive.bytes !== null && digest.bytes !== archive.bytes) {
    wrong("size in bytes", archive.bytes, digest.bytes);
  }
  if (archive.sha256 !== null && digest.sha256 !== archive.sha256) {
    wrong("SHA-256", archive.sha256, digest.sha256);
  }
  if (archive.md5 !== null && digest.md5 !== archive.md5) wrong("MD5", archive.md5, digest.md5);
  return digest;
}

/** The archive hash of what was found, after checking it against the manifest. */
export async function hashSource(manifest: Manifest, located: Located | undefined): Promise<string> {
  const { source } = manifest;
  if (source.kind === "generated") return sha256(source.generator);
  if (!located) throw new Error("hashSource needs a located archive");
  if (source.kind === "archive") return (await checkArchive(located.path, source.archive)).sha256;
  if (located.kind === "file") return (await hashFile(located.path)).sha256;
  const lines: string[] = [];
  for (const path of await listFolder(located.path, new Guard(located.path, manifest.limits))) {
    lines.push(`${(await hashFile(`${located.path}/${path}`)).sha256}  ${path}\n`);
  }
  return sha256(lines.join(""));
}

/** Lists a split without decoding it. Errors: an unknown split, counts that differ from the manifest's. */
export async function planSplit(
  manifest: Manifest,
  split: string,
  located: Located | undefined,
): Promise<SplitPlan> {
  requireSplit(manifest, split);
  const { layout } = manifest;
  if (layout.kind === "generated") return planShapes(manifest, split);
  if (!located) throw new Error("planSplit needs a located archive");
  const plan = layout.kind === "images"
    ? await planImages(manifest, layout, split, located)
    : await planRecords(manifest, layout, split, located);
  checkCounts(manifest, split, plan, located.path);
  return plan;
}

function allocate(manifest: Manifest, split: string, count: number, size: number): Uint8Array {
  const bytes = count * size * size * 3;
  const wayOut = "choose a smaller size or fewer images per class";
  try {
    return new Uint8Array(bytes);
  } catch {
    throw splitError(manifest, split, `${bytes} bytes of memory must be free`, "less", wayOut);
  }
}

/** What the manifest recorded for this way of loading, or undefined; another decoder is another way. */
export function recordedFor(manifest: Manifest, data: Dataset): Expectation | undefined {
  return manifest.expected.find((e) =>
    e.split === data.split && e.size === data.size && e.perClass === data.perClass &&
    e.decoder === data.decoder && e.resize === data.resize
  );
}

function requireSplit(manifest: Manifest, split: string): void {
  if (Object.hasOwn(manifest.splits, split)) return;
  const known = Object.keys(manifest.splits).join(", ");
  throw splitError(manifest, split, `the split must be one of ${known}`, `"${split}"`, "use one of these");
}

function requireExpected(manifest: Manifest, data: Dataset): void {
  const expected = recordedFor(manifest, data);
  if (!expected) return;
  const { pixels, split } = data.hashes;
  const wayOut = `run "data verify ${data.name}" and find out what changed before using these images`;
  if (split !== expected.list) {
    throw splitError(
      manifest,
      data.split,
      `its list must have the recorded hash ${expected.list}`,
      split,
      wayOut,
    );
  }
  if (pixels !== expected.pixels) {
    throw splitError(
      manifest,
      data.split,
      `its pixels must have the recorded hash ${expected.pixels}`,
      pixels,
      wayOut,
    );
  }
}

/**
 * Loads a split. Nothing else is ever loaded in its place.
 * Errors: unknown name, split or size; bytes that are not there or not the manifest's; anything unsafe or damaged in
 * the archive; counts or recorded hashes that differ from the manifest's; too few images for `perClass`; a geometry
 * that is not built.
 */
export async function load(name: string, options: LoadOptions): Promise<Dataset> {
  const root = options.root ?? projectRoot();
  const manifest = await readManifest(name, root);
  const { split, progress, geometry = "square" } = options;
  requireGeometry(geometry);
  const perClass = options.perClass ?? null;
  requireSplit(manifest, split); // before the size, which a wrong split would make a riddle
  const size = options.size ?? manifest.nativeSize;
  if (size === null || !Number.isInteger(size) || size < 1 || size > 4096) {
    const found = options.size === undefined ? "none and images of many sizes" : `${options.size}`;
    throw splitError(
      manifest,
      split,
      "a size of 1 to 4096 pixels must be given",
      found,
      "pass a size such as 64",
    );
  }
  if (perClass !== null && (!Number.isInteger(perClass) || perClass < 1)) {
    throw splitError(manifest, split, "perClass must be a positive integer", `${perClass}`, "pass 1 or more");
  }
  const located = manifest.source.kind === "generated" ? undefined : await requireSource(manifest, root);
  const archive = await hashSource(manifest, located);
  const plan = await planSplit(manifest, split, located);
  const chosen = perClass === null
    ? Uint32Array.from(plan.names, (_, i) => i)
    : firstPerClass(manifest, split, plan, perClass);
  const names = Array.from(chosen, (i) => plan.names[i]!);
  const labels = chosen.map((i) => plan.labels[i]!);
  const list = hashList(names, labels, plan.classes);
  const resize = manifest.nativeSize === size || manifest.source.kind === "generated"
    ? "none"
    : RESIZE_KERNEL;
  const key = { folder: `${root}/datasets/cache`, name, archive, list, size, decoder: plan.decoder, resize };

  const bytes = chosen.length * size * size * 3;
  const about = {
    name,
    split,
    size,
    geometry,
    perClass,
    labels,
    names,
    classes: plan.classes,
    decoder: plan.decoder,
    resize,
  };
  const finished = (data: Dataset): Dataset => {
    if (options.check ?? true) requireExpected(manifest, data);
    return data;
  };
  const decode = (sink: Sink) => plan.decode(chosen, size, sink, (done) => progress?.(done, chosen.length));
  if (bytes > Math.min(options.memory ?? MAX_BYTES, MAX_BYTES)) {
    const file = await cacheFile(key, chosen.length, decode);
    return finished({
      ...about,
      pixels: inFile(file.path, chosen.length, size),
      hashes: { archive, pixels: file.pixels, split: list },
      cache: file.state,
      get images(): Uint8Array {
        throw splitError(
          manifest,
          split,
          "its images must fit into memory for this use",
          `${bytes} bytes in "${file.path}"`,
          "choose a smaller size or fewer images per class",
        );
      },
    });
  }
  const cached = options.cache ? await readCache(key, bytes) : undefined;
  let images: Uint8Array, pixels: string, cache: Dataset["cache"] = "off";
  if (cached?.state === "hit") {
    ({ images, pixels } = cached);
    cache = "hit";
  } else {
    images = allocate(manifest, split, chosen.length, size);
    await decode(intoMemory(images, size));
    pixels = hashPixels(images, chosen.length, size);
    if (options.cache) {
      await writeCache(key, images, pixels);
      cache = cached?.state === "damaged" ? "rewritten" : "written";
    }
  }
  return finished({
    ...about,
    images,
    pixels: inMemory(images, size),
    hashes: { archive, pixels, split: list },
    cache,
  });
}
