import assert from "node:assert/strict";
import { sha256 } from "../../../src/base/canonical.ts";
import { readContent } from "../../../src/evidence/bundle/content.ts";
import { olderResult, withTests } from "../../../src/evidence/bundle/older_format.ts";
import { encodeStatement, makeStatement } from "../../../src/evidence/bundle/statement.ts";
import { type Verification, verifyFiles } from "../../../src/evidence/bundle/verify.ts";
import { memoryFiles } from "../../../src/record/files.ts";
import { readZip } from "../../../src/record/zip.ts";
import { regenerate } from "../../record/synthetic_run.ts";
import { code, signed, tamperedPlaces, text } from "./synthetic_bundle.ts";

const earlier = { version: "0.0.1", source: sha256("earlier code") };
const older = {
  rows: [{ method: "alpha", accuracy: { knn: [1, 2] } }],
  claims: [
    { id: "moco:x", statement: "s", verdict: "REPRODUCED", inequality: "1 = 1" },
    { id: "moco:y", statement: "s", verdict: "EXCEEDS", inequality: "2 > 1" },
  ],
};
/** As that format named the tests of its statement: without the kind, which it did not know. */
const tests = {
  result: "WARNED" as const,
  passedTests: ["moco:x: REPRODUCED"],
  warnedTests: ["moco:y: EXCEEDS"],
  failedTests: [],
};

/** The synthetic bundle, unsigned, with the result and the statement of an earlier version. */
async function olderBundle(): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>(readZip(signed));
  files.delete("attestation.dsse.json");
  files.delete("signer.pub.pem");
  files.set("run.json", new TextEncoder().encode(JSON.stringify(older)));
  const view = memoryFiles("b", files);
  const statement = await makeStatement(view, (await readContent(view)).content, earlier);
  return files.set("statement.json", encodeStatement(withTests(statement, tests)));
}
const files = await olderBundle();

const verify = (path?: string, change: (before: Uint8Array) => Uint8Array = (b) => b, here = code) => {
  const changed = new Map(files);
  if (path !== undefined) changed.set(path, change(files.get(path)!));
  return verifyFiles(memoryFiles("b", changed), { regenerate, code: here });
};
const edit = (from: string, to: string) => (bytes: Uint8Array) => {
  assert.ok(text(bytes).includes(from), from);
  return new TextEncoder().encode(text(bytes).replace(from, to));
};
const said = ({ lines }: Verification, check: string) =>
  lines.filter((l) => l.check === check).map((l) => `${l.status} ${l.message}`);

Deno.test("verify of an untouched bundle with a result of an older format finds nothing tampered and says what is open", async () => {
  const found = await verify();
  assert.deepEqual(tamperedPlaces(found), []);
  for (const check of ["files", "events", "checkpoints", "seeds"]) {
    assert.match(said(found, check)[0]!, /^OK /, check);
  }
  const sentence =
    /run\.json is of the older format assay-result-1; verify it with version 0\.0\.1, source [0-9a-f]{12}, which/;
  const [rest, open] = said(found, "statement");
  assert.match(rest!, /^OK but for its tests /);
  assert.match(open!, /^NOT-CHECKED its tests are as stated: /);
  assert.match(open!, sentence);
  assert.match(said(found, "report")[0]!, /^NOT-CHECKED /);
  assert.match(said(found, "report")[0]!, sentence);
});

Deno.test("verify finds a changed byte of every file of a bundle with a result of an older format", async () => {
  for (const path of files.keys()) {
    if (path === "statement.json") continue;
    const found = await verify(path, (bytes) => {
      const changed = bytes.slice();
      changed[bytes.length >> 1]! ^= 1;
      return changed;
    });
    assert.ok(tamperedPlaces(found).some((place) => place.startsWith(`files ${path}`)), path);
  }
});

Deno.test("verify takes nothing but the tests of such a statement as stated", async () => {
  const { content } = await verify();
  const places = ["statement statement.json"];
  const forged = [edit(content!, sha256("other")), edit('"configuration":[', '"configuration":[ ')];
  for (const change of forged) {
    assert.deepEqual(tamperedPlaces(await verify("statement.json", change)), places);
  }
  // Whoever says that this very program made it cannot have another one's tests.
  const own = await verify(undefined, undefined, earlier);
  assert.ok(tamperedPlaces(own).includes("statement statement.json"));
});

Deno.test("olderResult is undefined for a result of today's format and for the program that made it", () => {
  const codes = { made: earlier, here: code };
  assert.match(olderResult(older, codes)!, /older format assay-result-1/);
  assert.equal(olderResult({ ...older, format: "assay-result-2" }, codes), undefined);
  assert.equal(olderResult(older, { made: code, here: code }), undefined);
  assert.equal(olderResult(older, { made: undefined, here: code }), undefined);
});
