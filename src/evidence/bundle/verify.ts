/**
 * Verifies a bundle offline: container, digests, signature, events, report and, on request, replays. Every line says
 * what was found where; what could not be checked is said, never passed over.
 */
import { sha256Schema as hash } from "../../base/schemas.ts";
import { z } from "zod";
import { projectRoot } from "../../base/project_root.ts";
import { AssayError, failure } from "../../base/error.ts";
import { describeCode } from "../../record/environment.ts";
import { checkReport, type Regenerate } from "./check_report.ts";
import { checkCheckpoints, checkClaims, checkData, checkEventLogs, checkSeeds } from "./check_runs.ts";
import { type BundleContent, readContent } from "./content.ts";
import { decodeText } from "../../record/files.ts";
import { parseEnvelope, verifyEnvelope } from "./dsse.ts";
import { type BundleFiles, openBundle } from "../../record/files.ts";
import { parsePublicKey, type PublicKey } from "./keys.ts";
import { type Line, notChecked, ok, tampered } from "./line.ts";
import { NAMES, UNLISTED } from "../../record/paths.ts";
import { olderResult, withTests } from "./older_format.ts";
import { replay, type ReplayOptions } from "./replay.ts";
import {
  changedLine,
  type CodeId,
  type Codes,
  encodeStatement,
  makeStatement,
  type Statement,
} from "./statement.ts";

export interface VerifyOptions {
  /** The signer that is demanded. */
  readonly key?: PublicKey;
  readonly regenerate?: Regenerate;
  readonly replay?: ReplayOptions;
  /** The verifying program; this one by default. */
  readonly code?: CodeId;
  /** Project whose claims and manifests are compared. */
  readonly root?: string;
}

export interface Verification {
  readonly lines: readonly Line[];
  readonly tampered: boolean;
  /** Fingerprint of the key whose signature holds; undefined for an unsigned or broken bundle. */
  readonly signer: string | undefined;
  /** Digest of what the bundle says, as stated. */
  readonly content: string | undefined;
}

/** This program, hashed once a process. */
let ownCode: Promise<CodeId> | undefined;

/** As much of a statement as is read before it is compared with the one made again. */
const statementSchema = z.object({
  _type: z.literal("https://in-toto.io/Statement/v1"),
  subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: hash }) })),
  predicate: z.object({
    result: z.enum(["PASSED", "WARNED", "FAILED"]),
    passedTests: z.array(z.string()),
    warnedTests: z.array(z.string()),
    failedTests: z.array(z.string()),
    assay: z.object({
      content: hash,
      code: z.object({ version: z.string(), source: hash }),
      lines: z.record(z.string(), z.string()),
    }),
  }),
});
type Stated = z.infer<typeof statementSchema>;

/** Opens and verifies. Throws an AssayError only where there is no bundle to judge. */
export async function verifyBundle(path: string, options: VerifyOptions = {}): Promise<Verification> {
  const files = await openBundle(path);
  return await verifyFiles(files, options);
}

/** Verifies opened files. */
export async function verifyFiles(files: BundleFiles, options: VerifyOptions = {}): Promise<Verification> {
  const lines: Line[] = files.problems.map(({ place, message }) => tampered("container", place, message));
  if (files.sizes.size === 0 && lines.length > 0) {
    return { lines, tampered: true, signer: undefined, content: undefined };
  }
  requireBundle(files);
  const { bytes, signer, lines: attestation } = await readAttestation(files, options.key);
  lines.push(...attestation);
  const stated = bytes && parseStatement(bytes);
  const where = files.sizes.has(NAMES.attestation) ? NAMES.attestation : NAMES.statement;
  const { content, lines: parsing } = await readContent(files);
  const made = stated?.predicate.assay.code;
  const codes = { made, here: options.code ?? await (ownCode ??= describeCode()) };
  if (!stated) {
    if (bytes) lines.push(tampered("statement", where, "it is no in-toto statement of a bundle"));
    lines.push(notChecked("files", "without a readable statement there are no digests to compare with"));
  } else {
    const digests = await checkDigests(files, stated);
    lines.push(...digests);
    if (digests.every((line) => line.status === "OK")) {
      lines.push(...await checkStatement(files, content, { stated, bytes, where }, codes));
    }
  }
  const root = options.root ?? projectRoot();
  lines.push(
    ...parsing,
    ...checkEventLogs(content.runs),
    ...checkSeeds(content.runs),
    ...await checkCheckpoints(files, content.runs),
    ...await checkData(content.runs, root),
    ...await checkClaims(content, root),
    ...await checkReport(files, content, options.regenerate, codes),
    ...(options.replay ? await replay(files, content.runs, options.replay) : [
      notChecked("replay", "no interval was run again; --replay N draws some"),
    ]),
  );
  return {
    lines,
    tampered: lines.some((line) => line.status === "TAMPERED"),
    signer,
    content: stated?.predicate.assay.content,
  };
}

/** Without a statement there is nothing to verify: that is an error, not a TAMPERED line. */
function requireBundle(files: BundleFiles): void {
  if (files.sizes.has(NAMES.attestation) || files.sizes.has(NAMES.statement)) return;
  const part = files.sizes.has(NAMES.crate) || files.sizes.has(NAMES.run);
  throw failure({
    operation: "verify",
    object: `"${files.path}"`,
    required: `a bundle holds ${NAMES.attestation} (signed) or ${NAMES.statement} (unsigned)`,
    found: part ? `neither beside ${files.sizes.size} other files, so only part of a bundle` : "neither",
    wayOut: part ? "copy the whole bundle again" : "name a bundle that repro or audit wrote",
  });
}

/** The statement's bytes, who signed them, and what is wrong. */
async function readAttestation(
  files: BundleFiles,
  demanded: PublicKey | undefined,
): Promise<{ bytes: Uint8Array | undefined; signer: string | undefined; lines: Line[] }> {
  const signed = files.sizes.has(NAMES.attestation);
  if (signed && files.sizes.has(NAMES.statement)) {
    const line = tampered("signature", NAMES.statement, "an unsigned statement lies beside a signed one");
    return { bytes: undefined, signer: undefined, lines: [line] };
  }
  if (!signed) {
    const line = demanded
      ? tampered(
        "signature",
        NAMES.statement,
        `UNSIGNED, but a signature by ${demanded.fingerprint} was demanded`,
      )
      : notChecked("signature", "UNSIGNED: whoever changed the bundle could have written its digests again");
    return { bytes: await files.read(NAMES.statement), signer: undefined, lines: [line] };
  }
  const broken = (message: string, place: string = NAMES.attestation, bytes?: Uint8Array) => ({
    bytes,
    signer: undefined,
    lines: [tampered("signature", place, message)],
  });
  let envelope: ReturnType<typeof parseEnvelope>;
  try {
    envelope = parseEnvelope(decodeText(await files.read(NAMES.attestation)));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    envelope = "it is not UTF-8 text";
  }
  if (typeof envelope === "string") return broken(envelope);
  const embedded = await embeddedKey(files);
  if (typeof embedded === "string" && !demanded) return broken(embedded, NAMES.signer, envelope.payload);
  const key = demanded ?? embedded as PublicKey;
  if (demanded && envelope.keyid !== demanded.fingerprint) {
    return broken(
      `signed by ${envelope.keyid}, not by the demanded ${demanded.fingerprint}`,
      NAMES.attestation,
      envelope.payload,
    );
  }
  if (!await verifyEnvelope(envelope, key)) {
    return broken(`the signature is not that of key ${key.fingerprint}`, NAMES.attestation, envelope.payload);
  }
  const line = demanded ? ok("signature", `by the given key ${key.fingerprint}`) : ok(
    "signature",
    `by the embedded key ${key.fingerprint}: this proves integrity, not who signed; --key demands a signer`,
  );
  return { bytes: envelope.payload, signer: key.fingerprint, lines: [line] };
}

/** The public key in the bundle, or why there is none. */
async function embeddedKey(files: BundleFiles): Promise<PublicKey | string> {
  if (!files.sizes.has(NAMES.signer)) return "the signer's public key is missing; --key names one";
  try {
    const text = decodeText(await files.read(NAMES.signer));
    const key = await parsePublicKey(text, NAMES.signer);
    return key.pem === text ? key : "the public key is not spelled canonically";
  } catch (error) {
    if (error instanceof AssayError) return error.message;
    if (error instanceof TypeError) return "it is not UTF-8 text";
    throw error;
  }
}

function parseStatement(bytes: Uint8Array): Stated | undefined {
  try {
    return statementSchema.safeParse(JSON.parse(decodeText(bytes))).data;
  } catch {
    return undefined;
  }
}

/** Every file has its stated digest, none is missing, none is beyond the statement. */
async function checkDigests(files: BundleFiles, stated: Stated): Promise<Line[]> {
  const lines: Line[] = [];
  const digests = new Map(stated.subject.map(({ name, digest }) => [name, digest.sha256]));
  for (const [path, digest] of digests) {
    if (!files.sizes.has(path)) {
      lines.push(tampered("files", path, "it is missing"));
    } else if (await files.hash(path) !== digest) {
      const digits = stated.predicate.assay.lines[path];
      const line = digits === undefined ? undefined : changedLine(await files.read(path), digits);
      lines.push(
        tampered(
          "files",
          line === undefined ? path : `${path}:${line}`,
          "it was changed after it was bundled",
        ),
      );
    }
  }
  for (const path of files.sizes.keys()) {
    if (!digests.has(path) && !UNLISTED.has(path)) {
      lines.push(tampered("files", path, "the statement does not list this file"));
    }
  }
  return lines.length > 0
    ? lines
    : [ok("files", `${digests.size} files have their stated SHA-256, and there are no others`)];
}

/** The statement is the one that its files give, byte for byte; its tests too, where this program reads the result. */
async function checkStatement(
  files: BundleFiles,
  content: BundleContent,
  { stated, bytes, where }: { readonly stated: Stated; readonly bytes: Uint8Array; readonly where: string },
  codes: Codes,
): Promise<Line[]> {
  const older = olderResult(content.result, codes);
  let again: Statement;
  try {
    again = await makeStatement(files, content, stated.predicate.assay.code);
  } catch (error) {
    if (error instanceof AssayError) return [tampered("statement", where, error.message)];
    throw error;
  }
  if (older !== undefined) again = withTests(again, stated.predicate);
  const made = encodeStatement(again);
  if (made.length !== bytes.length || !made.every((byte, i) => byte === bytes[i])) {
    return [tampered("statement", where, "it is not the statement that the bundle's files give")];
  }
  const { result, assay } = again.predicate;
  return older === undefined
    ? [ok("statement", `it is the one its files give: ${result}, content ${assay.content}`)]
    : [
      ok("statement", `but for its tests it is the one its files give: content ${assay.content}`),
      notChecked("statement", `its tests are as stated: ${older}`),
    ];
}
