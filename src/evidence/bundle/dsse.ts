/**
 * DSSE envelopes (secure-systems-lab/dsse, protocol 1.0) with one Ed25519 signature, in canonical JSON, so that there is
 * one text for one envelope and a changed byte cannot hide in its spelling.
 */
import { z } from "zod";
import { canonical } from "../../base/canonical.ts";
import type { PublicKey, SigningKey } from "./keys.ts";

/** Payload type of in-toto statements. */
export const IN_TOTO = "application/vnd.in-toto+json";

const schema = z.strictObject({
  payloadType: z.string(),
  payload: z.base64(),
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.base64() })).min(1).max(1),
});

export interface Envelope {
  readonly payload: Uint8Array<ArrayBuffer>;
  /** Fingerprint that the envelope names; the signature decides. */
  readonly keyid: string;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** Pre-authentication encoding: what is signed. */
export function preAuthentication(type: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const head = bytes(`DSSEv1 ${bytes(type).length} ${type} ${payload.length} `);
  const all = new Uint8Array(head.length + payload.length);
  all.set(head);
  all.set(payload, head.length);
  return all;
}

/** Signs a payload; gives the envelope's text. */
export async function sign(payload: Uint8Array, key: SigningKey): Promise<string> {
  const signature = await crypto.subtle.sign("Ed25519", key.key, preAuthentication(IN_TOTO, payload));
  return `${
    canonical({
      payloadType: IN_TOTO,
      payload: payload.toBase64(),
      signatures: [{ keyid: key.public.fingerprint, sig: new Uint8Array(signature).toBase64() }],
    })
  }\n`;
}

/** Parses an envelope's text; gives what is wrong with it as a sentence otherwise. */
export function parseEnvelope(text: string): Envelope | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "it is not JSON";
  }
  const result = schema.safeParse(value);
  if (!result.success) return "it is not a DSSE envelope with one signature";
  const { payloadType, payload, signatures: [first] } = result.data;
  if (payloadType !== IN_TOTO) return `its payload type must be ${IN_TOTO}`;
  const envelope = {
    payload: Uint8Array.fromBase64(payload),
    keyid: first!.keyid,
    signature: Uint8Array.fromBase64(first!.sig),
  };
  const again = { payload: envelope.payload.toBase64(), sig: envelope.signature.toBase64() };
  if (text !== `${canonical(result.data)}\n` || again.payload !== payload || again.sig !== first!.sig) {
    return "it is not spelled canonically";
  }
  return envelope;
}

/** Whether the signature is this key's over this payload, and the envelope names the key rightly. */
export async function verifyEnvelope(envelope: Envelope, key: PublicKey): Promise<boolean> {
  const message = preAuthentication(IN_TOTO, envelope.payload);
  return envelope.keyid === key.fingerprint &&
    await crypto.subtle.verify("Ed25519", key.key, envelope.signature, message);
}
