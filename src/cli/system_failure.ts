import { AssayError, failure } from "../base/error.ts";

/** What the operating system refuses for reasons outside the program, with what helps; by `error.code`. */
const WAYS_OUT: Readonly<Record<string, string>> = {
  ENOSPC: "free some space or choose a folder on another disk, then run it again",
  EDQUOT: "free some space or choose a folder on another disk, then run it again",
  EROFS: "choose a folder on a disk that can be written",
  EACCES: "change its permissions or choose another place",
  EPERM: "change its permissions or choose another place",
  EEXIST: "choose another place or remove what is there",
  ENOTDIR: "choose a path whose folders are not files",
  EISDIR: "name a file, not a folder",
  ENAMETOOLONG: "choose a shorter path",
  EMFILE: "close other programs or raise the limit of open files",
  EIO: "check the disk",
};

/** The runtime's words for what it was asked to do, where ours are plainer. */
const OPERATIONS: Readonly<Record<string, string>> = {
  mkdir: "make folder",
  writefile: "write",
  readfile: "read",
  readdir: "list folder",
  copy: "copy",
};

/**
 * The stated failure behind an error of the operating system that no code nearer to it explained, such as a full disk
 * in the middle of a run; undefined for anything else. A file that is not there stays a defect: whoever reads a file
 * knows whose it is.
 */
export function systemFailure(error: unknown): AssayError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { code?: string };
  const [, what, call, path] = /^(.*?)(?: \(os error \d+\))?: (\w+) '(.*)'$/s.exec(error.message) ?? [];
  if (error instanceof Deno.errors.NotCapable) {
    const place = /access to (".*?")/.exec(error.message)?.[1];
    if (place === undefined || !/ (read|write|all) access/.test(error.message)) return undefined;
    return failure({
      operation: "use",
      object: place,
      required: "the runtime must let programs into it",
      found: "a place it keeps to itself",
      wayOut: "choose another place",
    }, error);
  }
  if (code === undefined || !Object.hasOwn(WAYS_OUT, code) || path === undefined) return undefined;
  return failure({
    operation: OPERATIONS[call!] ?? call!,
    object: `"${path}"`,
    required: "the operating system must allow it",
    found: what!.toLowerCase(),
    wayOut: WAYS_OUT[code]!,
  }, error);
}
