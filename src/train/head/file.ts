/**
 * Files of the head store: reads and writes at positions, several at once, each complete or an error that names the
 * file. A few handles on one file take turns, so that reads of scattered rows queue up on the disk and not here.
 */
import { open as openFile } from "node:fs/promises";
import { AssayError, failure } from "../../base/error.ts";

/** The part of a file handle that the store uses; tests give their own to fill a disk. */
export interface Handle {
  read(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  datasync(): Promise<void>;
  stat(): Promise<{ size: number }>;
  close(): Promise<void>;
}

export type Opener = (path: string, flags: "r+" | "w+") => Promise<Handle>;

/** How a store works with its disk. */
export interface HeadStoreOptions {
  /** Flush undo files before rows change, for power cuts. Default false. */
  readonly durable?: boolean;
  /** Opens files; tests give one whose disk fills up. */
  readonly opener?: Opener;
}

const openHandle: Opener = (path, flags) => openFile(path, flags);

/** One file behind several handles; operations on one handle follow each other. */
export class StoreFile {
  #next = 0;
  readonly #turns: Promise<unknown>[];

  private constructor(readonly path: string, readonly handles: readonly Handle[]) {
    this.#turns = handles.map(() => Promise.resolve());
  }

  /** Opens a file, or creates it empty with `flags` "w+". */
  static async open(
    path: string,
    flags: "r+" | "w+",
    count: number,
    opener: Opener = openHandle,
  ): Promise<StoreFile> {
    const handles: Handle[] = [];
    try {
      for (let i = 0; i < count; i++) handles.push(await opener(path, i === 0 ? flags : "r+"));
      return new StoreFile(path, handles);
    } catch (cause) {
      await Promise.all(handles.map((h) => h.close()));
      throw diskError("open", path, cause);
    }
  }

  #turn<T>(body: (handle: Handle) => Promise<T>): Promise<T> {
    const i = this.#next;
    this.#next = (i + 1) % this.handles.length;
    const result = this.#turns[i]!.then(() => body(this.handles[i]!));
    this.#turns[i] = result.catch(() => {});
    return result;
  }

  /** Reads `length` bytes; fewer are an error. */
  read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.#turn(async (handle) => {
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await handle.read(bytes, done, length - done, position + done)
          .catch((cause) => {
            throw diskError("read", this.path, cause);
          });
        if (bytesRead === 0) {
          throw failure({
            operation: "read",
            object: `"${this.path}"`,
            required: `${length} bytes must lie at byte ${position}`,
            found: `${done}, the file ends there`,
            wayOut: "it was cut off; restore it from a copy or start the run anew",
          });
        }
        done += bytesRead;
      }
      return bytes;
    });
  }

  /** Writes all bytes. */
  write(position: number, bytes: Uint8Array): Promise<void> {
    return this.#turn(async (handle) => {
      let done = 0;
      while (done < bytes.length) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
          .catch((cause) => {
            throw diskError("write", this.path, cause);
          });
        if (bytesWritten === 0) throw diskError("write", this.path, new Error("ENOSPC: nothing was written"));
        done += bytesWritten;
      }
    });
  }

  async size(): Promise<number> {
    return (await this.handles[0]!.stat()).size;
  }

  /** Sets the length; what is new is a hole of zeros. */
  async truncate(length: number): Promise<void> {
    await this.handles[0]!.truncate(length).catch((cause) => {
      throw diskError("set the length of", this.path, cause);
    });
  }

  /** Waits until everything written lies on the disk itself. */
  async sync(): Promise<void> {
    await Promise.all(this.#turns);
    await this.handles[0]!.datasync().catch((cause) => {
      throw diskError("write", this.path, cause);
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#turns);
    await Promise.all(this.handles.map((handle) => handle.close()));
  }
}

/** The error of a disk operation, with a full disk told apart. */
export function diskError(operation: string, path: string, cause: unknown): AssayError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const full = /ENOSPC|no space|EFBIG|EDQUOT|quota/i.test(message);
  return failure({
    operation,
    object: `"${path}"`,
    required: full ? "the disk must have room" : "the operating system must allow it",
    found: message,
    wayOut: full
      ? "free space and resume; no row is lost, the store goes back to the last checkpoint"
      : "check the path and its permissions, then resume",
  }, cause);
}

/** Whether anything lies at a path. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw diskError("open", path, error);
  }
}

/** Keeps a second process off a store; the lock goes with the process. */
export async function lockFile(path: string): Promise<Deno.FsFile> {
  const file = await Deno.open(path, { read: true, write: true });
  if (await file.tryLock(true)) return file;
  file.close();
  throw failure({
    operation: "open",
    object: `head store "${path}"`,
    required: "no other process may use it",
    found: "one that does",
    wayOut: "wait for it to end",
  });
}
