/**
 * Canonical JSON (RFC 8785) and the hashes over it: equal values give equal bytes, whatever wrote them. Every hash of a
 * specification, an event or a report in this project is SHA-256 over this text.
 */
import canonicalize from "canonicalize";
import { sha256 } from "./sha256.ts";
import { failure } from "./error.ts";

export { sha256 };

/**
 * RFC 8785 text of a value: keys sorted by UTF-16 code units, no white space, numbers as ECMAScript prints them. Fields
 * that are undefined are left out. Throws for what JSON cannot say: NaN, infinities, lone surrogates, cycles.
 */
export function canonical(value: unknown): string {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (text === undefined) throw refuse(typeof value);
  return text;
}

/** SHA-256 (lower-case hexadecimal) of the canonical JSON of a value. */
export function canonicalHash(value: unknown): string {
  return sha256(canonical(value));
}

/** A copy without the named fields, at any depth. */
export function without(value: unknown, fields: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((v) => without(v, fields));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([key]) => !fields.has(key)).map(([key, v]) => [key, without(v, fields)]),
  );
}

function refuse(found: string, cause?: unknown): Error {
  return failure({
    operation: "hash",
    object: "a value",
    required: "it must be JSON without NaN, infinities, lone surrogates and cycles",
    found,
    wayOut: "find the field that is not a finite number or plain text",
  }, cause);
}
