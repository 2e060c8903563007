/** One way to visit the members of a dataset's bytes, whatever they are packed in. */
import type { Located } from "../locate.ts";
import { visitFolder } from "./folder.ts";
import { Guard, type Limits, memberError, type Visitor } from "./guard.ts";
import { visitTar } from "./tar.ts";
import { visitZip } from "./zip.ts";

/** Visits every regular file once, in an order that depends on the bytes alone. Errors: see `Guard` and the formats. */
export function visitMembers(located: Located, limits: Limits, visit: Visitor): Promise<void> {
  const guard = new Guard(located.path, limits);
  switch (located.format) {
    case "folder":
      return visitFolder(located.path, guard, visit);
    case "zip":
      return visitZip(located.path, guard, visit);
    case "tar":
    case "tar.gz":
      return visitTar(located.path, located.format === "tar.gz", guard, visit);
  }
}

/** All bytes of a member whose size was declared as `bytes`. Errors: another size. */
export async function collect(
  body: AsyncIterable<Uint8Array>,
  bytes: number,
  archive: string,
  member: string,
): Promise<Uint8Array> {
  const all = new Uint8Array(bytes);
  let filled = 0;
  for await (const chunk of body) {
    if (filled + chunk.length > bytes) {
      throw memberError(archive, member, `it must hold the declared ${bytes} bytes`, "more");
    }
    all.set(chunk, filled);
    filled += chunk.length;
  }
  if (filled !== bytes) {
    throw memberError(archive, member, `it must hold the declared ${bytes} bytes`, `${filled}`);
  }
  return all;
}
