/**
 * Ed25519 signing keys as PEM files: PKCS #8 for the private key (readable by its owner alone), SubjectPublicKeyInfo for
 * the public one. A fingerprint is the SHA-256 of the public key's DER bytes, in hexadecimal.
 *
 * Sources: RFC 8410 (Ed25519 in PKIX), RFC 7468 (PEM).
 */
import { dirname } from "node:path";
import { sha256 } from "../../base/sha256.ts";
import { failure } from "../../base/error.ts";

const ALGORITHM = "Ed25519";

export interface PublicKey {
  readonly key: CryptoKey;
  /** SHA-256 of the SubjectPublicKeyInfo bytes, 64 hexadecimal digits. */
  readonly fingerprint: string;
  readonly pem: string;
}

export interface SigningKey {
  readonly key: CryptoKey;
  readonly public: PublicKey;
}

/** Makes a key and gives it with its private PEM. */
export async function generateKey(): Promise<SigningKey & { readonly privatePem: string }> {
  const pair = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]) as CryptoKeyPair;
  const der = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  return {
    key: pair.privateKey,
    public: await describe(pair.publicKey),
    privatePem: pem("PRIVATE KEY", der),
  };
}

/** Makes a key and writes it to `path` (mode 0600) and its public half to `path` + ".pub". Overwrites nothing. */
export async function createKeyFiles(path: string): Promise<PublicKey> {
  const made = await generateKey();
  await Deno.mkdir(dirname(path), { recursive: true });
  await writeNew(path, made.privatePem, 0o600);
  try {
    await writeNew(`${path}.pub`, made.public.pem, 0o644);
  } catch (error) {
    await Deno.remove(path); // a key without its public half would only confuse
    throw error;
  }
  return made.public;
}

/** Reads a private key. Throws when it is missing, not Ed25519, a public key, or readable by others. */
export async function readSigningKey(path: string): Promise<SigningKey> {
  const text = await readText(path);
  if (Deno.build.os !== "windows") {
    const mode = (await Deno.stat(path)).mode ?? 0;
    if (mode & 0o077) {
      throw refuse(
        path,
        "only its owner may read a private key",
        `mode ${(mode & 0o777).toString(8)}`,
        "run chmod 600 on it",
      );
    }
  }
  const der = decode(path, text, "PRIVATE KEY");
  try {
    const key = await crypto.subtle.importKey("pkcs8", der, ALGORITHM, true, ["sign"]);
    const { x } = await crypto.subtle.exportKey("jwk", key);
    const half = await crypto.subtle.importKey(
      "jwk",
      { kty: "OKP", crv: ALGORITHM, x: x! },
      ALGORITHM,
      true,
      ["verify"],
    );
    return { key, public: await describe(half) };
  } catch (cause) {
    throw refuse(
      path,
      "it must hold an Ed25519 key in PKCS #8",
      "another kind of key",
      "make one with ./run keys new",
      cause,
    );
  }
}

/** Reads a public key file. Throws when it is missing, not Ed25519, or a private key. */
export async function readPublicKey(path: string): Promise<PublicKey> {
  return await parsePublicKey(await readText(path), path);
}

/** Parses a public key; `place` is named in errors. */
export async function parsePublicKey(text: string, place: string): Promise<PublicKey> {
  const der = decode(place, text, "PUBLIC KEY");
  try {
    return await describe(await crypto.subtle.importKey("spki", der, ALGORITHM, true, ["verify"]));
  } catch (cause) {
    throw refuse(
      place,
      "it must hold an Ed25519 public key",
      "another kind of key",
      "ask for the .pub file of ./run keys new",
      cause,
    );
  }
}

/** Where `keys` and signing look when no file is named, below the user's configuration folder. */
export function defaultKeyPath(): string {
  const base = Deno.env.get("XDG_CONFIG_HOME") || (Deno.env.get("HOME") && `${Deno.env.get("HOME")}/.config`);
  if (!base) {
    throw failure({
      operation: "find",
      object: "the signing key",
      required: "HOME or XDG_CONFIG_HOME must be set",
      found: "neither",
      wayOut: "name the file",
    });
  }
  return `${base}/assay/signing-key.pem`;
}

async function describe(key: CryptoKey): Promise<PublicKey> {
  const der = new Uint8Array(await crypto.subtle.exportKey("spki", key));
  return { key, fingerprint: sha256(der), pem: pem("PUBLIC KEY", der) };
}

function pem(label: string, der: Uint8Array): string {
  const body = der.toBase64().match(/.{1,64}/g)!.join("\n");
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}

function decode(place: string, text: string, label: "PRIVATE KEY" | "PUBLIC KEY"): Uint8Array<ArrayBuffer> {
  const found = text.match(/-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\s]*?)-----END \1-----/);
  const want = label === "PUBLIC KEY" ? "a public key in PEM" : "an unencrypted private key in PEM (PKCS #8)";
  const wayOut = label === "PUBLIC KEY"
    ? "name the .pub file beside the private key"
    : "make one with ./run keys new";
  if (!found) throw refuse(place, `it must hold ${want}`, "no PEM block", wayOut);
  if (found[1] !== label) throw refuse(place, `it must hold ${want}`, found[1]!.toLowerCase(), wayOut);
  try {
    return Uint8Array.fromBase64(found[2]!.replace(/\s/g, ""));
  } catch (cause) {
    throw refuse(place, `it must hold ${want}`, "a damaged PEM block", "copy the file again", cause);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    const missing = cause instanceof Deno.errors.NotFound;
    throw refuse(
      path,
      "it must exist and be readable",
      missing ? "no such file" : cause instanceof Error ? cause.message : String(cause),
      missing ? "make a key with ./run keys new, or name another file" : "name a PEM file",
      cause,
    );
  }
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  try {
    await Deno.writeTextFile(path, text, { createNew: true, mode });
  } catch (cause) {
    const exists = cause instanceof Deno.errors.AlreadyExists;
    throw failure({
      operation: "write",
      object: `key "${path}"`,
      required: exists
        ? "a key is never overwritten, so no file may be there"
        : "its folder must be writable",
      found: exists ? "one" : cause instanceof Error ? cause.message : String(cause),
      wayOut: exists
        ? "use the key that is there, or name another file with --out"
        : "name another file with --out",
    }, cause);
  }
}

function refuse(path: string, required: string, found: string, wayOut: string, cause?: unknown): Error {
  return failure({ operation: "use", object: `key "${path}"`, required, found, wayOut }, cause);
}
