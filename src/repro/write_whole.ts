import { replaceFile } from "../nn/safetensors.ts";

/** Writes a file of the user's, whole or not at all; a device or a pipe is written to as it is. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const there = await Deno.stat(path).catch(() => undefined);
  if (there && !there.isFile) await Deno.writeFile(path, bytes);
  else replaceFile(there ? await Deno.realPath(path) : path, [bytes]);
}
