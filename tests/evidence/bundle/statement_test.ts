import assert from "node:assert/strict";
import { readContent } from "../../../src/evidence/bundle/content.ts";
import { memoryFiles } from "../../../src/record/files.ts";
import {
  changedLine,
  encodeStatement,
  lineDigests,
  makeStatement,
} from "../../../src/evidence/bundle/statement.ts";
import { readZip } from "../../../src/record/zip.ts";
import { bundleBytes, code, signed } from "./synthetic_bundle.ts";
import { sha256 } from "../../../src/base/canonical.ts";

const stateOf = async (files: ReadonlyMap<string, Uint8Array>) => {
  const view = memoryFiles("b", files);
  return await makeStatement(view, (await readContent(view)).content, code);
};
const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("makeStatement is an in-toto test result over every file but the attestation", async () => {
  const files = readZip(signed);
  const statement = await stateOf(files);
  assert.equal(statement._type, "https://in-toto.io/Statement/v1");
  assert.equal(statement.predicateType, "https://in-toto.io/attestation/test-result/v0.1");
  const expected = [...files.keys()].filter((p) => p !== "attestation.dsse.json").sort();
  assert.deepEqual(statement.subject.map((s) => s.name), expected);
  for (const { name, digest } of statement.subject) assert.equal(digest.sha256, sha256(files.get(name)!));
  assert.deepEqual(statement.predicate.configuration.map((c) => c.name), [
    "runs/alpha-seed1/spec.json",
    "runs/alpha-seed2/spec.json",
    "runs/beta-seed1/spec.json",
  ]);
  assert.deepEqual(encodeStatement(await stateOf(files)), encodeStatement(statement));
});

Deno.test("makeStatement maps verdicts to results: one failure fails, nothing claimed is no pass", async () => {
  const result = async (...verdicts: string[]) => {
    const claims = verdicts.map((verdict, i) => ({ id: `c${i}`, verdict }));
    return (await stateOf(new Map([["run.json", bytes(JSON.stringify({ claims }))]]))).predicate;
  };
  assert.equal((await result("REPRODUCED", "REPRODUCED")).result, "PASSED");
  assert.equal((await result("REPRODUCED", "INCONCLUSIVE")).result, "WARNED");
  assert.equal((await result("REPRODUCED", "INCONCLUSIVE", "BELOW")).result, "FAILED");
  assert.equal((await result("SOMETHING-NEW")).result, "FAILED");
  assert.equal((await result()).result, "WARNED");
  assert.deepEqual((await result("REPRODUCED", "EXCEEDS", "TAMPERED")).failedTests, ["claim c2: TAMPERED"]);
});

Deno.test("makeStatement names own checks as such, by their own words", async () => {
  const checks = ["holds", "undecided", "fails"].map((outcome, i) => ({ id: `k${i}`, outcome }));
  const { predicate } = await stateOf(new Map([["run.json", bytes(JSON.stringify({ claims: [], checks }))]]));
  assert.deepEqual(predicate.passedTests, ["check k0: holds"]);
  assert.deepEqual(predicate.warnedTests, ["check k1: undecided"]);
  assert.deepEqual(predicate.failedTests, ["check k2: fails"]);
});

Deno.test("makeStatement lists checkpoints that the bundle only names, with their digests", async () => {
  assert.deepEqual((await stateOf(readZip(signed))).predicate.assay.referenced, {});
  const { predicate } = await stateOf(readZip(await bundleBytes({ checkpoints: false })));
  const paths = Object.keys(predicate.assay.referenced);
  assert.equal(paths.length, 12);
  assert.ok(paths.includes("runs/beta-seed1/checkpoints/step-12.safetensors"));
});

Deno.test("changedLine finds the first changed, added or missing line", () => {
  const digests = lineDigests("a\nb\nc\n");
  assert.equal(changedLine(bytes("a\nb\nc\n"), digests), undefined);
  assert.equal(changedLine(bytes("a\nX\nc\n"), digests), 2);
  assert.equal(changedLine(bytes("a\nb\nc\nd\n"), digests), 4);
  assert.equal(changedLine(bytes("a\nb\n"), digests), 3);
  assert.equal(changedLine(new Uint8Array([0x61, 0x0a, 0xff, 0x0a, 0x63, 0x0a]), digests), 2);
});
