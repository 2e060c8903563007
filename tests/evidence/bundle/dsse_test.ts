import assert from "node:assert/strict";
import {
  type Envelope,
  parseEnvelope,
  preAuthentication,
  sign,
  verifyEnvelope,
} from "../../../src/evidence/bundle/dsse.ts";
import { generateKey } from "../../../src/evidence/bundle/keys.ts";

const payload = new TextEncoder().encode('{"a":1}');
const [key, other] = [await generateKey(), await generateKey()];

Deno.test("preAuthentication is the encoding of the DSSE protocol's own example", () => {
  const encoded = preAuthentication("http://example.com/HelloWorld", new TextEncoder().encode("hello world"));
  assert.equal(new TextDecoder().decode(encoded), "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
});

Deno.test("sign gives an envelope that its key verifies and another does not", async () => {
  const envelope = parseEnvelope(await sign(payload, key)) as Envelope;
  assert.deepEqual(envelope.payload, payload);
  assert.equal(envelope.keyid, key.public.fingerprint);
  assert.equal(await verifyEnvelope(envelope, key.public), true);
  assert.equal(await verifyEnvelope(envelope, other.public), false);
  assert.equal(await verifyEnvelope({ ...envelope, keyid: other.public.fingerprint }, other.public), false);
  assert.equal(
    await verifyEnvelope({ ...envelope, payload: new TextEncoder().encode('{"a":2}') }, key.public),
    false,
  );
});

Deno.test("parseEnvelope lets no changed byte of an envelope verify", async () => {
  const bytes = new TextEncoder().encode(await sign(payload, key));
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at]! ^= 1 + at % 255;
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(changed);
    } catch {
      continue; // found as well: not UTF-8
    }
    const envelope = parseEnvelope(text);
    if (typeof envelope !== "string") {
      assert.equal(await verifyEnvelope(envelope, key.public), false, `byte ${at}`);
    }
  }
});

Deno.test("parseEnvelope says what is wrong", () => {
  assert.equal(parseEnvelope("nonsense"), "it is not JSON");
  assert.match(parseEnvelope("{}") as string, /not a DSSE envelope/);
  const envelope = { payload: "YQ==", payloadType: "text/plain", signatures: [{ keyid: "k", sig: "YQ==" }] };
  assert.match(parseEnvelope(JSON.stringify(envelope)) as string, /payload type must be/);
  assert.match(
    parseEnvelope(
      JSON.stringify({ ...envelope, payloadType: "application/vnd.in-toto+json" }, null, 1),
    ) as string,
    /spelled canonically/,
  );
});
