import assert from "node:assert/strict";
import {
  checkCheckpoints,
  checkClaims,
  checkData,
  checkEventLogs,
  checkSeeds,
} from "../../../src/evidence/bundle/check_runs.ts";
import { type BundleRun, readContent } from "../../../src/evidence/bundle/content.ts";
import { memoryFiles } from "../../../src/record/files.ts";
import { readZip } from "../../../src/record/zip.ts";
import { readManifest } from "../../../src/data/manifest.ts";
import { canonicalHash, sha256 } from "../../../src/base/canonical.ts";
import type { Event } from "../../../src/record/events.ts";
import { signed } from "./synthetic_bundle.ts";

const files = readZip(signed);
const { content } = await readContent(memoryFiles("b", files));
const [alpha1, alpha2, beta] = content.runs as [BundleRun, BundleRun, BundleRun];
const places = (lines: readonly { status: string; place?: string }[]) =>
  lines.filter((l) => l.status === "TAMPERED").map((l) => l.place);
/** A run with other start values, its specification and hashes made to agree. */
const restart = (
  run: BundleRun,
  fields: Record<string, unknown>,
  spec: Record<string, unknown>,
): BundleRun => {
  const changed = { ...run.spec, ...spec };
  const specHash = canonicalHash(changed);
  const events = run.events.map((e, i) => ({ ...e, spec: specHash, ...(i === 0 && fields) }) as Event);
  return { ...run, spec: changed, specHash, events };
};

Deno.test("checkEventLogs accepts sound runs and says nothing of none", () => {
  assert.deepEqual(checkEventLogs(content.runs).map((l) => l.status), ["OK"]);
  assert.deepEqual(checkEventLogs([]), []);
});

Deno.test("checkEventLogs names the line that breaks a rule, and events of another specification", () => {
  const dropped = { ...alpha1, events: alpha1.events.toSpliced(6, 1) };
  assert.deepEqual(places(checkEventLogs([dropped, alpha2])), ["runs/alpha-seed1/events.jsonl:7"]);
  const cut = { ...alpha1, events: alpha1.events.slice(0, -1) };
  assert.deepEqual(places(checkEventLogs([cut])), ["runs/alpha-seed1/events.jsonl"]);
  assert.deepEqual(places(checkEventLogs([{ ...alpha1, specHash: sha256("x") }])), [
    "runs/alpha-seed1/spec.json",
  ]);
  const lying = restart(alpha1, { seed: 9 }, {});
  assert.deepEqual(places(checkEventLogs([lying])), ["runs/alpha-seed1/events.jsonl:1"]);
});

Deno.test("checkSeeds accepts one seed under two methods and rejects it twice under one", () => {
  assert.deepEqual(checkSeeds([alpha1, alpha2, beta]).map((l) => l.status), ["OK"]);
  const twice = { ...alpha1, folder: "runs/alpha-seed3/" };
  assert.deepEqual(places(checkSeeds([alpha1, twice])), ["runs/alpha-seed3/events.jsonl:1"]);
});

Deno.test("checkSeeds is not fooled by a change that leaves the training as it is, or by a copy under another seed", () => {
  const often = { ...restart(alpha1, {}, { checkpointEvery: 1, evaluation: { every: 2 } }), folder: "x/" };
  const [twice] = checkSeeds([alpha1, often]);
  assert.deepEqual([twice!.place, /^seed 1 is reused/.test(twice!.message)], ["x/events.jsonl:1", true]);
  const renamed = { ...restart(alpha1, { seed: 5 }, { seed: 5 }), folder: "y/" };
  const [line] = checkSeeds([alpha1, renamed]);
  assert.deepEqual([line!.place, /copy under another name/.test(line!.message)], ["y/events.jsonl:1", true]);
});

Deno.test("checkCheckpoints compares those in the bundle with the events and finds those that no event names", async () => {
  assert.deepEqual((await checkCheckpoints(memoryFiles("b", files), content.runs)).map((l) => l.status), [
    "OK",
  ]);
  const folder = "runs/beta-seed1/checkpoints/";
  const changed = new Map(files)
    .set(`${folder}step-3.safetensors`, files.get(`${folder}step-6.safetensors`)!)
    .set(`${folder}step-4.safetensors`, new Uint8Array(3));
  changed.delete(`${folder}step-9.safetensors`);
  const lines = await checkCheckpoints(memoryFiles("b", changed), content.runs);
  assert.deepEqual(places(lines), [`${folder}step-3.safetensors`, `${folder}step-4.safetensors`]);
  assert.match(lines.at(-1)!.message, /^1 checkpoints are by reference/);
});

Deno.test("checkData recognises the recorded hashes of a manifest and claims nothing about others", async () => {
  const manifest = await readManifest("shapes");
  const e = manifest.expected[0]!;
  const data = { name: "shapes", split: e.split, images: e.images, pixels: e.pixels, list: e.list };
  const known = restart(alpha1, { data: { train: data } }, {});
  assert.deepEqual((await checkData([known, known])).map((l) => l.status), ["OK"]);
  const other = restart(alpha1, { data: { train: { ...data, pixels: sha256("x") } } }, {});
  assert.deepEqual((await checkData([other])).map((l) => l.status), ["NOT-CHECKED"]);
  assert.deepEqual((await checkData([alpha1])).map((l) => l.status), ["NOT-CHECKED"]);
});

Deno.test("checkClaims compares with this program's corpus and reads no path outside it", async () => {
  assert.deepEqual((await checkClaims(content)).map((l) => l.status), ["OK"]);
  const [path, text] = [...content.claims][0]!;
  const changed = {
    ...content,
    claims: new Map([[path, `${text}\n`], ["claims/../deno.json", "{}"], ["claims/new.yaml", ""]]),
  };
  assert.deepEqual((await checkClaims(changed)).map((l) => l.status), [
    "NOT-CHECKED",
    "NOT-CHECKED",
    "NOT-CHECKED",
  ]);
});
