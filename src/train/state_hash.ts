/** One hash over everything a step changes: parameters, optimizer, momentum copies, running statistics, queues. */
import { createHash } from "node:crypto";
import type { Session } from "../gpu/session.ts";
import { download, tensorsOf } from "../nn/checkpoint.ts";
import type { Trace } from "../nn/trace.ts";

/** SHA-256 over the names and bytes of all tensors, in name order. Equal hashes mean equal bits. */
export async function stateHash(session: Session, t: Trace): Promise<string> {
  const digest = createHash("sha256");
  for (const [name, bytes] of await download(session, tensorsOf(t))) digest.update(`${name}\n`).update(bytes);
  return digest.digest("hex");
}
