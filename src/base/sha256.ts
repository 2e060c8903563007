/** SHA-256 of texts and files, in lower-case hexadecimal. */
import { createHash, type Hash } from "node:crypto";

/** SHA-256 of text (UTF-8) or bytes. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Digests of a file. */
export interface FileDigest {
  readonly bytes: number;
  readonly sha256: string;
  readonly md5: string;
}

/** Reads a file once and returns its size and digests; MD5 is computed only when asked for, else "". */
export async function hashFile(path: string, wantMd5 = false): Promise<FileDigest> {
  const hashes: Hash[] = [createHash("sha256"), ...(wantMd5 ? [createHash("md5")] : [])];
  let bytes = 0;
  const file = await Deno.open(path);
  for await (const chunk of file.readable) {
    bytes += chunk.length;
    for (const hash of hashes) hash.update(chunk);
  }
  const [first = "", second = ""] = hashes.map((h) => h.digest("hex"));
  return { bytes, sha256: first, md5: second };
}
