import assert from "node:assert/strict";
import {
  createKeyFiles,
  defaultKeyPath,
  generateKey,
  parsePublicKey,
  readPublicKey,
  readSigningKey,
} from "../../../src/evidence/bundle/keys.ts";
import { inFolder, put } from "../../record/synthetic_run.ts";

Deno.test("createKeyFiles writes a private key for its owner alone and its public half, and overwrites neither", () =>
  inFolder(async (folder) => {
    const path = `${folder}/new/key.pem`;
    const made = await createKeyFiles(path);
    assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
    assert.match(await Deno.readTextFile(path), /^-----BEGIN PRIVATE KEY-----\n/);
    const [signing, open] = [await readSigningKey(path), await readPublicKey(`${path}.pub`)];
    assert.equal(signing.public.fingerprint, made.fingerprint);
    assert.deepEqual([open.fingerprint, open.pem], [made.fingerprint, made.pem]);
    const before = await Deno.readTextFile(path);
    await assert.rejects(createKeyFiles(path), /a key is never overwritten/);
    assert.equal(await Deno.readTextFile(path), before);
    await Deno.remove(path);
    await assert.rejects(createKeyFiles(path), /key\.pem\.pub": a key is never overwritten/);
    await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
  }));

Deno.test("readSigningKey and readPublicKey refuse the wrong file in words", () =>
  inFolder(async (folder) => {
    const path = `${folder}/key.pem`;
    await createKeyFiles(path);
    await assert.rejects(
      readPublicKey(path),
      /it must hold a public key in PEM, found private key; name the \.pub file/,
    );
    await assert.rejects(readSigningKey(`${path}.pub`), /only its owner may read|found public key/);
    await assert.rejects(
      readSigningKey(`${folder}/none.pem`),
      /no such file; make a key with \.\/run keys new/,
    );
    await put(`${folder}/text`, "hello");
    await Deno.chmod(`${folder}/text`, 0o600);
    await assert.rejects(readSigningKey(`${folder}/text`), /found no PEM block/);
    await Deno.chmod(path, 0o644);
    await assert.rejects(
      readSigningKey(path),
      /only its owner may read a private key, found mode 644; run chmod 600/,
    );
  }));

Deno.test("readSigningKey and parsePublicKey refuse keys of another algorithm", () =>
  inFolder(async (folder) => {
    const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
      "sign",
      "verify",
    ]);
    const pem = async (label: string, format: "pkcs8" | "spki", key: CryptoKey) =>
      `-----BEGIN ${label}-----\n${
        new Uint8Array(await crypto.subtle.exportKey(format, key)).toBase64()
      }\n-----END ${label}-----\n`;
    await put(`${folder}/ec.pem`, await pem("PRIVATE KEY", "pkcs8", pair.privateKey));
    await Deno.chmod(`${folder}/ec.pem`, 0o600);
    await assert.rejects(
      readSigningKey(`${folder}/ec.pem`),
      /an Ed25519 key in PKCS #8, found another kind of key/,
    );
    await assert.rejects(
      parsePublicKey(await pem("PUBLIC KEY", "spki", pair.publicKey), "x"),
      /an Ed25519 public key/,
    );
    const damaged = (await generateKey()).public.pem.replace("MCow", "MC*w");
    await assert.rejects(parsePublicKey(damaged, "x"), /no PEM block|damaged/);
  }));

Deno.test("defaultKeyPath lies below the user's configuration folder", () => {
  assert.match(defaultKeyPath(), /\/assay\/signing-key\.pem$/);
});
