/** Tar and tar.gz archives as one pass over their members, in constant memory. */
import { createTarDecoder } from "modern-tar";
import { AssayError } from "../../base/error.ts";
import { archiveError, type Guard, type Visitor } from "./guard.ts";

/** Stops a decompression bomb: tar adds at most one 512-byte header and padding per member to its contents. */
function bounded(guard: Guard): TransformStream<Uint8Array, Uint8Array> {
  const { totalBytes, members } = guard.limits;
  const most = totalBytes + 4096 * (members + 1);
  let seen = 0;
  return new TransformStream({
    transform(chunk, controller) {
      seen += chunk.length;
      if (seen > most) {
        throw archiveError(
          guard.archive,
          `it must decompress to at most ${most} bytes`,
          `at least ${seen}, as in a decompression bomb`,
        );
      }
      controller.enqueue(chunk);
    },
  });
}

/** Visits every regular file. Errors: those of `Guard`, a truncated or damaged stream, a link or device. */
export async function visitTar(path: string, gzip: boolean, guard: Guard, visit: Visitor): Promise<void> {
  const file = await Deno.open(path);
  const raw: ReadableStream<Uint8Array> = gzip
    ? file.readable.pipeThrough(new DecompressionStream("gzip"))
    : file.readable;
  let entries = 0;
  try {
    const tar = raw.pipeThrough(bounded(guard)).pipeThrough(createTarDecoder({ strict: true }));
    for await (const { header, body } of tar) {
      entries++;
      const type = header.type ?? "file";
      const name = header.name.replace(/^(\.\/)+/, "");
      if (type === "directory") {
        if (name !== "") guard.checkPath(name);
        await body.cancel();
        continue;
      }
      if (type !== "file") guard.refuse(name, type);
      const consume = visit(guard.accept(name, header.size));
      if (consume) await consume(body);
      else for await (const _ of body) { /* skipping still reads, so that damage is seen */ }
    }
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    throw archiveError(
      path,
      `it must be a whole ${gzip ? "gzip-compressed " : ""}tar archive`,
      `"${(cause as Error).message}" after ${entries} members (truncated, edited or another format)`,
      cause,
    );
  }
  if (entries === 0) throw archiveError(path, "it must be a tar archive with members", "no member");
}
