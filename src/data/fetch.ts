/**
 * Downloads a dataset's archive into `datasets/cache`: resumes a part that is there (HTTP Range, guarded by the
 * server's ETag or date), tries again when the connection drops, and puts the file in place only when its size and
 * hashes are the manifest's.
 */
import { AssayError, failure } from "../base/error.ts";
import { checkArchive } from "./load.ts";
import { type Archive, type Manifest } from "./manifest.ts";
import { projectRoot } from "../base/project_root.ts";

/** What a download reports while it runs. */
export interface FetchProgress {
  /** Bytes on disk so far. */
  readonly bytes: number;
  /** Bytes of the whole file, undefined where neither manifest nor server says. */
  readonly total: number | undefined;
  /** Where this attempt began: above 0 after a resume. */
  readonly resumedAt: number;
}

/** How to download. */
export interface FetchOptions {
  readonly root?: string;
  /** Times to try again after a dropped connection or a server error. */
  readonly retries?: number;
  /** Pause before a new attempt, in milliseconds; doubled each time. */
  readonly pauseMs?: number;
  readonly progress?: (p: FetchProgress) => void;
  /** Opens the part for writing; a file by default. */
  readonly sink?: (path: string, from: number) => Sink;
}

/** What was done. */
export interface Fetched {
  readonly path: string;
  readonly state: "already there" | "downloaded";
  readonly bytes: number;
  readonly sha256: string;
}

/** A failure that another attempt may cure. */
class Dropped extends Error {}

function fetchError(
  manifest: Manifest,
  archive: Archive,
  required: string,
  found: string,
  wayOut: string,
  cause?: unknown,
): AssayError {
  const object = `"${archive.file}" of dataset "${manifest.name}" from ${archive.url}`;
  return failure({ operation: "fetch", object, required, found, wayOut }, cause);
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Validator of the version that a part belongs to, kept beside it so that two versions are never joined. */
async function readValidator(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return undefined;
  }
}

/** Where downloaded bytes go. */
export interface Sink {
  write(bytes: Uint8Array): void;
  /** Leaves every byte written so far on disk. */
  close(): void;
}

/** A file as a sink; `from` 0 begins it again, else it is appended to. Writes are synchronous, so none is lost. */
export function fileSink(path: string, from: number): Sink {
  const file = Deno.openSync(path, { write: true, create: true, append: from > 0, truncate: from === 0 });
  return {
    write(bytes) {
      for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
    },
    close: () => file.close(),
  };
}

/** Copies a response body into a sink. Errors: `Dropped` when it ends early, the disk's otherwise. */
async function copyBody(
  body: ReadableStream<Uint8Array>,
  sink: Sink,
  from: number,
  total: number | undefined,
  report: (bytes: number) => void,
): Promise<void> {
  const reader = body.getReader();
  let bytes = from;
  try {
    for (;;) {
      let next: ReadableStreamReadResult<Uint8Array>;
      try {
        next = await reader.read();
      } catch (cause) {
        throw new Dropped(`the connection dropped after ${bytes} bytes (${(cause as Error).message})`);
      }
      if (next.done) break;
      sink.write(next.value);
      bytes += next.value.length;
      report(bytes);
    }
  } finally {
    sink.close();
    await reader.cancel().catch(() => {});
  }
  if (total !== undefined && bytes < total) {
    throw new Dropped(`the connection ended after ${bytes} of ${total} bytes`);
  }
}

/** One request; returns when the part is complete. */
async function attempt(
  manifest: Manifest,
  archive: Archive,
  part: string,
  { progress, sink = fileSink }: FetchOptions,
): Promise<void> {
  const validatorFile = `${part}.version`;
  const validator = await readValidator(validatorFile);
  const have = await sizeOf(part) ?? 0;
  const resume = have > 0 && validator !== undefined;
  const headers = resume ? { range: `bytes=${have}-`, "if-range": validator } : undefined;
  let response: Response;
  try {
    response = await fetch(archive.url!, headers ? { headers } : {});
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) {
      throw fetchError(
        manifest,
        archive,
        "the program must be allowed to use the network",
        cause.message,
        "allow it",
        cause,
      );
    }
    throw new Dropped((cause as Error).message);
  }
  const { status } = response;
  if (status === 416) { // the part is as long as the file, or longer: begin again and let the hash decide
    await response.body?.cancel();
    await Deno.remove(part);
    throw new Dropped("the server has no bytes after the part on disk");
  }
  if (status !== 200 && status !== 206) {
    await response.body?.cancel();
    const found = `status ${status} ${response.statusText}`.trim();
    if (status >= 500 || status === 429) throw new Dropped(found);
    const wayOut = "download it by hand and put it into datasets/cache";
    throw fetchError(manifest, archive, "the server must send the file", found, wayOut);
  }
  const from = status === 206 ? have : 0; // 200 means the whole file, whatever was asked for
  const declared = Number(response.headers.get("content-length") ?? NaN);
  const total = Number.isFinite(declared) ? from + declared : archive.bytes ?? undefined;
  const version = response.headers.get("etag") ?? response.headers.get("last-modified");
  if (version && !version.startsWith("W/")) await Deno.writeTextFile(validatorFile, version);
  else await Deno.remove(validatorFile).catch(() => {});
  progress?.({ bytes: from, total, resumedAt: from });
  await copyBody(
    response.body!,
    sink(part, from),
    from,
    total,
    (bytes) => progress?.({ bytes, total, resumedAt: from }),
  );
}

/**
 * Fetches the archive of a manifest.
 * Errors: nothing to download; a refusing server; a connection that keeps dropping (the part stays for the next
 * time); a full disk; a file whose size or hash is not the manifest's (it is deleted).
 */
export async function fetchArchive(manifest: Manifest, options: FetchOptions = {}): Promise<Fetched> {
  const { source, name } = manifest;
  const url = source.kind === "archive" ? source.archive.url : null;
  if (source.kind !== "archive" || url === null) {
    throw failure({
      operation: "fetch",
      object: `dataset "${name}"`,
      required: "its manifest must name a download address",
      found: source.kind === "generated" ? "a generator, which needs none" : "none",
      wayOut: source.kind === "generated"
        ? "use it as it is"
        : source.kind === "tree"
        ? source.instructions
        : `put "${source.archive.file}" into the folder that ASSAY_DATA names`,
    });
  }
  const { archive } = source;
  const folder = `${options.root ?? projectRoot()}/datasets/cache`;
  const path = `${folder}/${archive.file}`, part = `${path}.part`;
  if (await sizeOf(path) !== undefined) {
    const { bytes, sha256 } = await checkArchive(path, archive);
    return { path, state: "already there", bytes, sha256 };
  }
  const retries = options.retries ?? 5;
  try {
    await Deno.mkdir(folder, { recursive: true });
    for (let tried = 0;; tried++) {
      try {
        await attempt(manifest, archive, part, options);
        break;
      } catch (error) {
        if (!(error instanceof Dropped)) throw error;
        if (tried >= retries) {
          const required = `one of ${retries + 1} attempts must reach the end`;
          const wayOut = `run "data fetch ${name}" again: it goes on from the ${
            await sizeOf(part) ?? 0
          } bytes on disk`;
          throw fetchError(manifest, archive, required, error.message, wayOut, error);
        }
        await new Promise((resolve) => setTimeout(resolve, (options.pauseMs ?? 1000) * 2 ** tried));
      }
    }
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    const { message } = cause as Error;
    const full = /no space|os error 28|ENOSPC/i.test(message);
    const wayOut = full
      ? "free some space and run it again: it goes on where it stopped"
      : "check the folder and run it again";
    throw fetchError(manifest, archive, `"${part}" must be writable`, message, wayOut, cause);
  }
  try {
    const { bytes, sha256 } = await checkArchive(part, archive);
    await Deno.rename(part, path);
    return { path, state: "downloaded", bytes, sha256 };
  } catch (error) {
    await Deno.remove(part).catch(() => {});
    throw error;
  } finally {
    await Deno.remove(`${part}.version`).catch(() => {});
  }
}
