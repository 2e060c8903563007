/** Files are written whole or not at all: a failure or a kill at any point leaves the old file as it was. */
import { AssayError, failure } from "./error.ts";

/** Writes a file of the user's, whole or not at all; a device or a pipe is written to as it is. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const there = await Deno.stat(path).catch(() => undefined);
  if (there && !there.isFile) await Deno.writeFile(path, bytes);
  else replaceFile(there ? await Deno.realPath(path) : path, [bytes]);
}

/**
 * Replaces a file whole: the parts go to a neighbouring file, are flushed to the disk and renamed over `path`. A failure
 * or a kill at any point leaves the old file as it was.
 */
export function replaceFile(path: string, parts: Iterable<Uint8Array>): void {
  const temporary = `${path}.${Deno.pid}.partial`;
  try {
    const file = Deno.openSync(temporary, { write: true, create: true, truncate: true });
    try {
      for (const part of parts) {
        for (let at = 0; at < part.length;) at += file.writeSync(part.subarray(at));
      }
      file.syncSync();
    } finally {
      file.close();
    }
    Deno.renameSync(temporary, path);
    syncFolder(path);
  } catch (cause) {
    try {
      Deno.removeSync(temporary);
    } catch { /* it was never made, or is renamed already */ }
    if (cause instanceof AssayError) throw cause;
    throw failure({
      operation: "write",
      object: `"${path}"`,
      required: "its folder must exist, be writable and have room",
      found: cause instanceof Error ? cause.message : String(cause),
      wayOut: "the file is as it was; free some space or choose another folder",
    }, cause);
  }
}

/** Makes a rename durable. Windows has no such call and needs none. */
function syncFolder(path: string): void {
  if (Deno.build.os === "windows") return;
  const cut = path.lastIndexOf("/");
  const folder = Deno.openSync(cut < 0 ? "." : path.slice(0, cut) || "/", { read: true });
  try {
    folder.syncSync();
  } finally {
    folder.close();
  }
}
