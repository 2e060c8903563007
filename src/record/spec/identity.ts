/** Which format a recorded specification has, and what identifies it in the events beside it. */
import { canonicalHash } from "../../base/canonical.ts";
import { parseSpec, SPEC_FORMAT, specHash } from "./spec.ts";

/** The hash that the events of a run with this `spec.json` carry. Errors: the field of a specification that is not sound. */
export function recordedHash(spec: Readonly<Record<string, unknown>>, place?: string): string {
  return isOlder(spec) ? canonicalHash(spec) : specHash(parseSpec(spec, place));
}

/** Whether a specification is of the format before this one, whose hash covered the file as it stands. */
export function isOlder(spec: Readonly<Record<string, unknown>>): boolean {
  return spec["format"] !== SPEC_FORMAT;
}
