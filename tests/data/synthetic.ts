/** Small archives, hostile ones too, and project roots made of them; nothing here needs a file from elsewhere. */
import { encode } from "fast-png";
import { packTar, type TarEntry } from "modern-tar";
import type { Manifest } from "../../src/data/manifest.ts";
import { Guard, type Limits, type Visitor } from "../../src/data/source/guard.ts";
import { collect } from "../../src/data/source/open.ts";

/** Bounds that no honest test archive reaches. */
export const LIMITS: Limits = {
  members: 100,
  memberBytes: 100_000,
  totalBytes: 1_000_000,
  imagePixels: 4096,
};

/** A fresh folder, removed after `use`. */
export async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "assay_data_" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes bytes into a folder and returns the path. */
export async function put(folder: string, name: string, bytes: Uint8Array | string): Promise<string> {
  const path = `${folder}/${name}`;
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeFile(path, typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
  return path;
}

/** A tar archive of text or byte members. */
export async function tar(members: Readonly<Record<string, string | Uint8Array>>): Promise<Uint8Array> {
  const entries: TarEntry[] = Object.entries(members).map(([name, body]) => {
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    return { header: { name, size: bytes.length, mtime: new Date(0) }, body: bytes };
  });
  return await packTar(entries);
}

/** Gzip-compressed bytes. */
export async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new CompressionStream("gzip"));
  return await new Response(stream).bytes();
}

/** A PNG of one colour. */
export function png(side: number, value: number, height: number = side): Uint8Array {
  const data = new Uint8Array(side * height * 3).fill(value);
  return encode({ width: side, height, channels: 3, depth: 8, data });
}

/** Reads every member of an archive as text. */
export async function readAll(
  path: string,
  visit: (guard: Guard, visitor: Visitor) => Promise<void>,
  limits: Limits = LIMITS,
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  await visit(new Guard(path, limits), (member) => async (body) => {
    found[member.path] = new TextDecoder().decode(await collect(body, member.bytes, path, member.path));
  });
  return found;
}

/** A manifest of two classes, cat and dog, in a tar archive, with overrides. */
export function manifestJson(overrides: Partial<Manifest> = {}): Record<string, unknown> {
  return {
    name: "pets",
    title: "Pets",
    description: "Two classes of one colour each.",
    licence: "MIT",
    homepage: null,
    citation: "none",
    creators: ["nobody"],
    published: "2026",
    source: {
      kind: "archive",
      archive: { file: "pets.tar", format: "tar", url: null, bytes: null, sha256: null, md5: null },
    },
    layout: { kind: "images", splits: { train: { members: "train/{class}/{name}" } } },
    nativeSize: null,
    classes: { count: 2, names: ["cat", "dog"] },
    splits: { train: 4 },
    limits: LIMITS,
    statistics: null,
    ...overrides,
  };
}

/** The four images of the default manifest; cats are dark, dogs bright, and 1 comes before 2 only by name. */
export function petImages(): Record<string, Uint8Array> {
  return {
    "train/dog/2.png": png(6, 220),
    "train/cat/2.png": png(6, 20),
    "train/dog/1.png": png(6, 200),
    "train/cat/1.png": png(6, 10),
  };
}

/** A project root with one manifest and its files under `datasets/cache`. */
export async function makeRoot(
  folder: string,
  manifest: Record<string, unknown>,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<string> {
  await put(folder, `datasets/${manifest.name}.json`, JSON.stringify(manifest));
  for (const [name, bytes] of Object.entries(files)) await put(folder, `datasets/cache/${name}`, bytes);
  return folder;
}
