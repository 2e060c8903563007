/**
 * What may come out of an archive: regular files with plain relative names, each once, within the manifest's
 * limits. Everything else is refused before a byte of it is used.
 */
import { type AssayError, failure } from "../../base/error.ts";

/** A regular file inside an archive or folder. */
export interface Member {
  /** Path with "/" between its parts, relative, without "." or "..". */
  readonly path: string;
  /** Declared size in bytes. */
  readonly bytes: number;
}

/** Declared bounds of an archive. */
export interface Limits {
  readonly members: number;
  readonly memberBytes: number;
  readonly totalBytes: number;
  readonly imagePixels: number;
}

/** Called for every member in archive order; returns a consumer of its bytes, or undefined to skip it. */
export type Visitor = (member: Member) => ((body: AsyncIterable<Uint8Array>) => Promise<void>) | undefined;

/** An error that names the archive and the member. */
export function memberError(
  archive: string,
  member: string,
  required: string,
  found: string,
  wayOut = "get a fresh copy of the archive",
  cause?: unknown,
): AssayError {
  return failure(
    { operation: "read", object: `member "${member}" of "${archive}"`, required, found, wayOut },
    cause,
  );
}

/** An error about an archive as a whole. */
export function archiveError(archive: string, required: string, found: string, cause?: unknown): AssayError {
  return failure({
    operation: "read",
    object: `archive "${archive}"`,
    required,
    found,
    wayOut: "get a fresh copy of the archive",
  }, cause);
}

/** Keeps count of one archive's members; every reader calls it for each entry. */
export class Guard {
  readonly #seen = new Set<string>();
  #total = 0;

  /** `archive` is the path named in errors. */
  constructor(readonly archive: string, readonly limits: Limits) {}

  /** Accepts a regular file or throws. Errors: unsafe path, duplicate, too many, too large. */
  accept(path: string, bytes: number): Member {
    this.checkPath(path);
    if (this.#seen.has(path)) {
      throw memberError(this.archive, path, "every name must appear once", "it twice");
    }
    this.#seen.add(path);
    const { members, memberBytes } = this.limits;
    if (this.#seen.size > members) {
      throw memberError(
        this.archive,
        path,
        `there must be at most ${members} members`,
        `member ${members + 1}`,
      );
    }
    if (bytes > memberBytes) {
      throw memberError(
        this.archive,
        path,
        `a member must be at most ${memberBytes} bytes`,
        `${bytes} declared`,
      );
    }
    this.count(bytes, path);
    return { path, bytes };
  }

  /** Adds to the total of decompressed bytes. Errors: over the limit. */
  count(bytes: number, where: string): void {
    this.#total += bytes;
    if (this.#total > this.limits.totalBytes) {
      throw memberError(
        this.archive,
        where,
        `the decompressed archive must be at most ${this.limits.totalBytes} bytes`,
        `at least ${this.#total}, as in a decompression bomb`,
      );
    }
  }

  /** Throws unless the path stays inside the folder it is relative to. */
  checkPath(path: string): void {
    const plain = path.replace(/\/$/, "");
    const parts = plain.split("/");
    const reason = plain === ""
      ? "an empty name"
      : path.startsWith("/") || /^[A-Za-z]:/.test(path)
      ? "an absolute path"
      : parts.includes("..")
      ? "a path that climbs out of its folder"
      : parts.includes(".") || parts.includes("")
      ? "a path with empty parts"
      : /\p{Cc}|\\/u.test(path)
      ? "control characters or backslashes"
      : undefined;
    if (reason) throw memberError(this.archive, path, "member names must be plain relative paths", reason);
  }

  /** Refuses what is neither a regular file nor a folder. */
  refuse(path: string, kind: string): never {
    throw memberError(this.archive, path, "members must be regular files or folders", `a ${kind}`);
  }
}
