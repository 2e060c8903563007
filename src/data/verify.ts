/**
 * Compares a dataset on this machine with its manifest: bytes, decoded pixels and split lists. What the manifest has
 * no value for is measured and printed as "measured", not as a match.
 */
import type { Dataset } from "./load.ts";
import { hashSource, load, recordedFor } from "./load.ts";
import { requireSource } from "./locate.ts";
import { type Expectation, readManifest } from "./manifest.ts";
import { projectRoot } from "../base/project_root.ts";

/** One comparison. */
export interface Check {
  readonly what: "bytes" | "pixels" | "split list";
  /** Which split, size and subset, or which file. */
  readonly of: string;
  readonly expected: string | null;
  readonly measured: string;
  /** "measured" where the manifest has nothing to compare with. */
  readonly verdict: "match" | "MISMATCH" | "measured";
}

/** A way of loading to verify or to record. */
export interface Variant {
  readonly split: string;
  readonly size?: number;
  readonly perClass?: number;
}

function describe(v: { split: string; size: number; perClass: number | null }): string {
  return `${v.split}, ${v.size} px, ${
    v.perClass === null ? "all images" : `first ${v.perClass} of each class`
  }`;
}

function compare(what: Check["what"], of: string, expected: string | null, measured: string): Check {
  const verdict = expected === null ? "measured" : expected === measured ? "match" : "MISMATCH";
  return { what, of, expected, measured, verdict };
}

/**
 * Verifies the recorded variants of a dataset, or `variants` when given, or every split when nothing is recorded.
 * Errors: those of `load`, except differing hashes, which are returned.
 */
export async function verify(
  name: string,
  options: { root?: string; variants?: readonly Variant[]; progress?: (what: string) => void } = {},
): Promise<{ readonly checks: readonly Check[]; readonly loaded: readonly Dataset[] }> {
  const root = options.root ?? projectRoot();
  const manifest = await readManifest(name, root);
  const { source } = manifest;
  const located = source.kind === "generated" ? undefined : await requireSource(manifest, root);
  options.progress?.("bytes");
  const archive = await hashSource(manifest, located); // an archive with another size or hash ends here
  const known = source.kind === "archive" ? source.archive.sha256 : null;
  const checks: Check[] = [
    compare("bytes", located?.path ?? `generator ${archive.slice(0, 12)}`, known, archive),
  ];
  if (source.kind === "archive" && source.archive.md5 !== null) {
    checks.push(compare("bytes", `${located!.path} (MD5)`, source.archive.md5, source.archive.md5));
  }
  const recorded: readonly Variant[] = manifest.expected.map(({ split, size, perClass }) => ({
    split,
    size,
    ...(perClass === null ? {} : { perClass }),
  }));
  const all: readonly Variant[] = Object.keys(manifest.splits).map((split) => ({ split }));
  const variants = options.variants ?? (recorded.length > 0 ? recorded : all);
  const loaded: Dataset[] = [];
  for (const variant of variants) {
    options.progress?.(`split ${variant.split}`);
    const data = await load(name, { ...variant, root, check: false });
    const expected = recordedFor(manifest, data);
    const of = describe(data);
    checks.push(compare("split list", of, expected?.list ?? null, data.hashes.split));
    checks.push(compare("pixels", of, expected?.pixels ?? null, data.hashes.pixels));
    loaded.push(data);
  }
  return { checks, loaded };
}

/** What a manifest would record for a loaded split. */
export function expectationOf(data: Dataset): Expectation {
  const { split, size, perClass, decoder, resize, hashes } = data;
  const images = data.names.length;
  return { split, size, perClass, images, decoder, resize, pixels: hashes.pixels, list: hashes.split };
}

/** Writes the measured hashes into `datasets/<name>.json`, replacing those of the same variant. */
export async function record(
  name: string,
  loaded: readonly Dataset[],
  root: string = projectRoot(),
): Promise<void> {
  const file = `${root}/datasets/${name}.json`;
  const manifest = JSON.parse(await Deno.readTextFile(file)) as { expected?: Expectation[] };
  const same = (a: Expectation, b: Expectation): boolean =>
    a.split === b.split && a.size === b.size && a.perClass === b.perClass;
  for (const data of loaded) {
    const fresh = expectationOf(data);
    manifest.expected = [...(manifest.expected ?? []).filter((e) => !same(e, fresh)), fresh];
  }
  const temporary = `${file}.tmp`;
  await Deno.writeTextFile(temporary, JSON.stringify(manifest, null, 2) + "\n");
  await Deno.rename(temporary, file);
}
