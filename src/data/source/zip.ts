/**
 * Zip archives by their central directory, so that links, duplicates and declared sizes are known before anything
 * is decompressed. Methods 0 (stored) and 8 (deflate); zip64 sizes; checks every CRC-32 it reads.
 *
 * Source: PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16, 4.5.3.
 */
import { Inflate } from "fflate";
import { crc32 } from "node:zlib";
import { AssayError } from "../../base/error.ts";
import { archiveError, type Guard, memberError, type Visitor } from "./guard.ts";

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
  /** Unix file type bits, 0 where the archive was made elsewhere. */
  readonly unixType: number;
}

const UNIX_TYPES: Readonly<Record<number, string>> = {
  0o12: "symlink",
  0o2: "device",
  0o6: "device",
  0o1: "pipe",
};

async function readAt(file: Deno.FsFile, offset: number, length: number, archive: string): Promise<DataView> {
  await file.seek(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const n = await file.read(bytes.subarray(filled));
    if (n === null) {
      throw archiveError(
        archive,
        `it must hold ${length} bytes at offset ${offset}`,
        `only ${filled} (truncated)`,
      );
    }
    filled += n;
  }
  return new DataView(bytes.buffer);
}

/** Finds the end-of-central-directory record and returns where the directory lies. */
async function findDirectory(
  file: Deno.FsFile,
  archive: string,
): Promise<{ offset: number; length: number }> {
  const size = (await file.stat()).size;
  const tailLength = Math.min(size, 22 + 65535);
  const tail = await readAt(file, size - tailLength, tailLength, archive);
  for (let at = tailLength - 22; at >= 0; at--) {
    if (tail.getUint32(at, true) !== 0x06054b50) continue;
    let length = tail.getUint32(at + 12, true), offset = tail.getUint32(at + 16, true);
    const locator = at - 20;
    if (locator >= 0 && tail.getUint32(locator, true) === 0x07064b50) {
      const end = await readAt(file, Number(tail.getBigUint64(locator + 8, true)), 56, archive);
      length = Number(end.getBigUint64(40, true));
      offset = Number(end.getBigUint64(48, true));
    }
    if (offset + length > size) break;
    return { offset, length };
  }
  throw archiveError(archive, "it must end with a zip directory", "none (truncated, or another format)");
}

function parseEntry(view: DataView, at: number, archive: string): { entry: Entry; next: number } {
  if (at + 46 > view.byteLength || view.getUint32(at, true) !== 0x02014b50) {
    throw archiveError(
      archive,
      "its directory must be a list of entries",
      `damage at byte ${at} of the directory`,
    );
  }
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((o) => view.getUint16(at + o, true)) as [
    number,
    number,
    number,
  ];
  const next = at + 46 + nameLength + extraLength + commentLength;
  if (next > view.byteLength) {
    throw archiveError(archive, "its directory must be whole", "an entry that runs past its end");
  }
  const name = new TextDecoder().decode(new Uint8Array(view.buffer, at + 46, nameLength));
  let packed = view.getUint32(at + 20, true),
    size = view.getUint32(at + 24, true),
    offset = view.getUint32(at + 42, true);
  for (let x = at + 46 + nameLength; x + 4 <= at + 46 + nameLength + extraLength;) {
    const id = view.getUint16(x, true), length = view.getUint16(x + 2, true);
    if (id === 1) { // zip64: 64-bit values in place of those that are all ones, in this order
      let value = x + 4;
      const wide = (): number => {
        value += 8;
        return Number(view.getBigUint64(value - 8, true));
      };
      if (size === 0xffffffff) size = wide();
      if (packed === 0xffffffff) packed = wide();
      if (offset === 0xffffffff) offset = wide();
    }
    x += 4 + length;
  }
  const madeOnUnix = view.getUint8(at + 5) === 3;
  const entry: Entry = {
    name,
    method: view.getUint16(at + 10, true),
    encrypted: (view.getUint16(at + 8, true) & 1) !== 0,
    crc: view.getUint32(at + 16, true),
    packed,
    size,
    offset,
    unixType: madeOnUnix ? view.getUint16(at + 40, true) >>> 12 : 0,
  };
  return { entry, next };
}

/** Decompresses one entry; never holds more than its declared size. */
async function extract(file: Deno.FsFile, entry: Entry, archive: string): Promise<Uint8Array> {
  const bad = (required: string, found: string, cause?: unknown): AssayError =>
    memberError(archive, entry.name, required, found, "get a fresh copy of the archive", cause);
  const header = await readAt(file, entry.offset, 30, archive);
  if (header.getUint32(0, true) !== 0x04034b50) {
    throw bad("a local header must stand where the directory says", "none");
  }
  const start = entry.offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  const room = (await file.stat()).size - start;
  if (entry.packed > room) {
    throw bad(`${entry.packed} compressed bytes must follow its header`, `${room} (truncated)`);
  }
  const packed = new Uint8Array((await readAt(file, start, entry.packed, archive)).buffer);
  let bytes = packed;
  if (entry.method === 8) {
    bytes = new Uint8Array(entry.size);
    let filled = 0;
    const inflate = new Inflate((chunk) => {
      if (filled + chunk.length > entry.size) {
        throw bad(
          `it must decompress to the declared ${entry.size} bytes`,
          "more, as in a decompression bomb",
        );
      }
      bytes.set(chunk, filled);
      filled += chunk.length;
    });
    try {
      const step = 1 << 14; // small steps: a step of deflate can grow a thousandfold before it is counted
      for (let at = 0; at < packed.length; at += step) {
        inflate.push(packed.subarray(at, at + step), at + step >= packed.length);
      }
    } catch (cause) {
      if (cause instanceof AssayError) throw cause;
      throw bad("it must be valid deflate data", `"${(cause as Error).message}"`, cause);
    }
    if (filled !== entry.size) {
      throw bad(`it must decompress to the declared ${entry.size} bytes`, `${filled}`);
    }
  } else if (entry.method !== 0) {
    throw bad("it must be stored or deflated", `compression method ${entry.method}`);
  }
  if (bytes.length !== entry.size) {
    throw bad(`it must hold the declared ${entry.size} bytes`, `${bytes.length}`);
  }
  if (crc32(bytes) >>> 0 !== entry.crc) {
    throw bad("its CRC-32 must be that of the directory", "another (damaged)");
  }
  return bytes;
}

/** Visits every regular file in directory order. Errors: those of `Guard`, damage, encryption, a link. */
export async function visitZip(path: string, guard: Guard, visit: Visitor): Promise<void> {
  using file = await Deno.open(path);
  try {
    await visitEntries(file, path, guard, visit);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause; // a field of the directory points outside the bytes
    throw archiveError(path, "its directory must point inside the file", `"${cause.message}"`, cause);
  }
}

async function visitEntries(file: Deno.FsFile, path: string, guard: Guard, visit: Visitor): Promise<void> {
  const { offset, length } = await findDirectory(file, path);
  if (length > 1 << 30) throw archiveError(path, "its directory must be at most 2^30 bytes", `${length}`);
  const view = await readAt(file, offset, length, path);
  for (let at = 0; at < length;) {
    const { entry, next } = parseEntry(view, at, path);
    at = next;
    const other = UNIX_TYPES[entry.unixType];
    if (other) guard.refuse(entry.name, other);
    if (entry.name.endsWith("/")) {
      guard.checkPath(entry.name);
      continue;
    }
    const consume = visit(guard.accept(entry.name, entry.size));
    if (!consume) continue;
    if (entry.encrypted) {
      throw memberError(path, entry.name, "it must not be encrypted", "an encrypted member");
    }
    const bytes = await extract(file, entry, path);
    await consume((async function* () {
      yield await Promise.resolve(bytes);
    })());
  }
}
