/** Bundles of the synthetic runs, in memory, and ways to spoil them. */
import { openZip } from "../../../src/record/files.ts";
import { generateKey } from "../../../src/evidence/bundle/keys.ts";
import { sha256 } from "../../../src/base/canonical.ts";
import type { Line } from "../../../src/evidence/bundle/line.ts";
import { type Verification, verifyFiles, type VerifyOptions } from "../../../src/evidence/bundle/verify.ts";
import { writeBundle, type WriteOptions } from "../../../src/evidence/bundle/write.ts";
import { readZip, writeZip } from "../../../src/record/zip.ts";
import { inFolder, makeOutput, regenerate } from "../../record/synthetic_run.ts";

export const key = await generateKey();

/** The program that bundles and verifies here: a fixed one, so that editing the project does not change a test. */
export const code = { version: "0.0.0", source: sha256("a synthetic program") };

/** Bundles an output folder as a zip and gives its bytes. `spoil` may change the output first. */
export async function bundleBytes(
  options: Partial<WriteOptions> = {},
  spoil: (output: string) => Promise<void> = () => Promise.resolve(),
): Promise<Uint8Array<ArrayBuffer>> {
  return await inFolder(async (folder) => {
    const source = options.source ?? `${folder}/out`;
    if (options.source === undefined) await makeOutput(source);
    await spoil(source);
    const target = `${folder}/bundle.zip`;
    await writeBundle({
      title: "A toy table",
      description: "Synthetic runs.",
      claims: ["moco"],
      checkpoints: true,
      key,
      code,
      ...options,
      source,
      target,
    });
    return await Deno.readFile(target);
  });
}

/** A signed bundle with its checkpoints, and an unsigned one. */
export const signed: Uint8Array<ArrayBuffer> = await bundleBytes();

/** Verifies the bytes of a zip, with the report made again. */
export async function verifyBytes(bytes: Uint8Array, options: VerifyOptions = {}): Promise<Verification> {
  return await verifyFiles(openZip("bundle.zip", bytes), { regenerate, code, ...options });
}

/** The same archive with one file replaced (or removed by `undefined`), in canonical form. */
export function withFile(
  bytes: Uint8Array,
  path: string,
  change: (before: Uint8Array) => Uint8Array | string | undefined,
): Uint8Array<ArrayBuffer> {
  const files = readZip(bytes);
  const after = change(files.get(path) ?? new Uint8Array());
  if (after === undefined) files.delete(path);
  else files.set(path, typeof after === "string" ? new TextEncoder().encode(after) : after);
  return writeZip(files);
}

export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** `check place` of every line that says TAMPERED. */
export function tamperedPlaces({ lines }: { readonly lines: readonly Line[] }): string[] {
  return lines.filter((line) => line.status === "TAMPERED").map((line) => `${line.check} ${line.place}`);
}
