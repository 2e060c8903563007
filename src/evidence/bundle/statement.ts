/**
 * The in-toto Statement v1 of a bundle, predicate `test-result/v0.1`: the digest of every file as subject, the
 * specifications as configuration, a test for each claim. It is a function of the files, so a verifier writes it again
 * and compares. `assay` holds our own fields, which the predicate's parsing rules let other consumers ignore.
 *
 * Sources: in-toto/attestation spec/v1/statement.md, spec/predicates/test-result.md.
 */
import { canonical, sha256 } from "../../base/canonical.ts";
import { eventsOf } from "../../record/events.ts";
import { type BundleContent, contentDigest } from "./content.ts";
import { decodeText } from "../../record/files.ts";
import type { BundleFiles } from "../../record/files.ts";
import { UNLISTED } from "../../record/paths.ts";

export const FORMAT = "assay-bundle-1";

/** Text files larger than this get no line digests. */
const MAX_LINED_BYTES = 2 ** 20;

/** Which program: version and SHA-256 of its source files. */
export interface CodeId {
  readonly version: string;
  readonly source: string;
}

/** The program that made a bundle, as the bundle states it (undefined without a readable statement), and this one. */
export interface Codes {
  readonly made: CodeId | undefined;
  readonly here: CodeId;
}

export interface Statement {
  readonly _type: "https://in-toto.io/Statement/v1";
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: "https://in-toto.io/attestation/test-result/v0.1";
  readonly predicate: {
    readonly result: "PASSED" | "WARNED" | "FAILED";
    readonly configuration: readonly {
      readonly name: string;
      readonly digest: { readonly sha256: string };
    }[];
    readonly passedTests: readonly string[];
    readonly warnedTests: readonly string[];
    readonly failedTests: readonly string[];
    readonly assay: {
      readonly format: typeof FORMAT;
      /** The program that made report and bundle: version and `code.source` of its environment. */
      readonly code: CodeId;
      /** See `contentDigest`. */
      readonly content: string;
      /** Checkpoints by path that the events name and the bundle does not hold. */
      readonly referenced: Readonly<Record<string, string>>;
      /** First 8 digits of the SHA-256 of every line of a text file: they find the place of an edit, nothing more. */
      readonly lines: Readonly<Record<string, string>>;
    };
  };
}

/** Verdicts of claims and outcomes of checks by what `test-result` calls them; all others are failures. */
const PASSED = new Set(["REPRODUCED", "holds"]);
const WARNED = new Set(["EXCEEDS", "INCONCLUSIVE", "NOT-COMPARABLE", "NOT-RUN", "undecided", "not-run"]);

/** Writes the statement of what lies in `files`, which `code` made. */
export async function makeStatement(
  files: BundleFiles,
  content: BundleContent,
  code: CodeId,
): Promise<Statement> {
  const subject: Statement["subject"][number][] = [];
  const lines: Record<string, string> = {};
  for (const [name, size] of files.sizes) {
    if (UNLISTED.has(name)) continue;
    subject.push({ name, digest: { sha256: await files.hash(name) } });
    const text = size <= MAX_LINED_BYTES ? asText(await files.read(name)) : undefined;
    if (text !== undefined) lines[name] = lineDigests(text);
  }
  const judged = judgedOf(content.result);
  const named = (among: (word: string) => boolean) =>
    judged.filter((j) => among(j.word)).map((j) => `${j.kind} ${j.id}: ${j.word}`);
  const passedTests = named((v) => PASSED.has(v));
  const warnedTests = named((v) => WARNED.has(v));
  const failedTests = named((v) => !PASSED.has(v) && !WARNED.has(v));
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject,
    predicateType: "https://in-toto.io/attestation/test-result/v0.1",
    predicate: {
      result: failedTests.length > 0
        ? "FAILED"
        : warnedTests.length > 0 || passedTests.length === 0
        ? "WARNED"
        : "PASSED",
      configuration: subject.filter(({ name }) => name.endsWith("/spec.json")),
      passedTests,
      warnedTests,
      failedTests,
      assay: {
        format: FORMAT,
        code: { version: code.version, source: code.source },
        content: await contentDigest(files, content),
        referenced: Object.fromEntries(
          content.runs.flatMap((run) =>
            eventsOf(run.events, "checkpoint").map((e) => [run.folder + e.file, e.sha256] as const)
          ).filter(([path]) => !files.sizes.has(path)),
        ),
        lines,
      },
    },
  };
}

/** The bytes that are signed, or stored bare: canonical JSON and a line end. */
export function encodeStatement(statement: Statement): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${canonical(statement)}\n`);
}

/** Line digests of a text, 8 hexadecimal digits each. */
export function lineDigests(text: string): string {
  return text.split("\n").map((line) => sha256(line).slice(0, 8)).join("");
}

/** One-based number of the first line that differs from its digest; undefined where none does. */
export function changedLine(bytes: Uint8Array, digests: string): number | undefined {
  // A damaged sequence becomes U+FFFD, which differs from what was there.
  const now = lineDigests(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  for (let at = 0; at < Math.max(now.length, digests.length); at += 8) {
    if (now.slice(at, at + 8) !== digests.slice(at, at + 8)) return at / 8 + 1;
  }
  return undefined;
}

/** Claims and checks of a result as far as they look like such. */
function judgedOf(result: unknown): { kind: string; id: string; word: string }[] {
  const { claims, checks } = (result ?? {}) as { claims?: unknown; checks?: unknown };
  const list = (kind: string, found: unknown, word: string) =>
    Array.isArray(found) ? found.map((f) => ({ kind, id: String(f?.id), word: String(f?.[word]) })) : [];
  return [...list("claim", claims, "verdict"), ...list("check", checks, "outcome")];
}

function asText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined; // a binary file
  try {
    return decodeText(bytes);
  } catch {
    return undefined;
  }
}
