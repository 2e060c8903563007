import assert from "node:assert/strict";
import { contentDigest, readContent, recordedRuns } from "../../../src/evidence/bundle/content.ts";
import { decodeText, runFolders } from "../../../src/record/files.ts";
import { memoryFiles } from "../../../src/record/files.ts";
import { readZip } from "../../../src/record/zip.ts";
import { signed, text } from "./synthetic_bundle.ts";

const files = readZip(signed);
const read = (changes: Readonly<Record<string, string>>) => {
  const all = new Map(files);
  for (const [path, content] of Object.entries(changes)) all.set(path, new TextEncoder().encode(content));
  return memoryFiles("b", all);
};
const LOG = "runs/alpha-seed1/events.jsonl";
const original = (path: string) => text(files.get(path)!);

Deno.test("readContent parses runs, report and claims", async () => {
  const { content, lines } = await readContent(read({}));
  assert.deepEqual(lines, []);
  assert.deepEqual(content.runs.map((r) => r.folder), [
    "runs/alpha-seed1/",
    "runs/alpha-seed2/",
    "runs/beta-seed1/",
  ]);
  assert.equal(content.runs[0]!.specHash, content.runs[0]!.events[0]!.spec);
  assert.ok(content.runs[0]!.environment);
  assert.deepEqual([...content.claims.keys()], ["claims/moco.yaml"]);
  assert.deepEqual(recordedRuns(content).map((r) => r.name), ["alpha-seed1", "alpha-seed2", "beta-seed1"]);
});

Deno.test("readContent tells the place of what it cannot parse and goes on", async () => {
  const places = async (changes: Readonly<Record<string, string>>) => {
    const { content, lines } = await readContent(read(changes));
    assert.ok(lines.every((line) => line.status === "TAMPERED"));
    return [lines.map((line) => `${line.check} ${line.place}`), content.runs.length];
  };
  const log = original(LOG).split("\n");
  assert.deepEqual(await places({ [LOG]: log.with(3, "{").join("\n") }), [[`events ${LOG}:4`], 2]);
  assert.deepEqual(await places({ "run.json": "{" }), [["report run.json"], 3]);
  assert.deepEqual(await places({ "runs/alpha-seed1/spec.json": "7" }), [[
    "events runs/alpha-seed1/spec.json",
  ], 2]);
  assert.deepEqual(
    await places({ "runs/alpha-seed1/environment.json": "{}" }),
    [["environment runs/alpha-seed1/environment.json"], 3],
  );
});

Deno.test("decodeText drops no byte: a byte-order mark stays, damaged UTF-8 is an error", () => {
  assert.equal(decodeText(new Uint8Array([0xef, 0xbb, 0xbf, 0x61])), "\ufeffa");
  assert.throws(() => decodeText(new Uint8Array([0xff])), TypeError);
});

Deno.test("runFolders lists folders with events", () => {
  assert.deepEqual(runFolders(["a/events.jsonl", "b/other.jsonl", "a/deep/events.jsonl"]), ["a/", "a/deep/"]);
});

Deno.test("contentDigest leaves out times, machine and pages, and nothing that was measured", async () => {
  const digest = async (changes: Readonly<Record<string, string>>) => {
    const bundle = read(changes);
    return await contentDigest(bundle, (await readContent(bundle)).content);
  };
  const environment = "runs/alpha-seed1/environment.json";
  const whole = await digest({});
  const changed = (path: string, from: RegExp, to: string) => {
    assert.match(original(path), from);
    return digest({ [path]: original(path).replace(from, to) });
  };
  assert.equal(await changed(LOG, /"time":"20../, '"time":"2031'.slice(0, 12)), whole);
  assert.equal(await changed(LOG, /"stepMs":\d+/, '"stepMs":12345'), whole);
  assert.equal(await changed(environment, /"os":"none"/, '"os":"another"'), whole);
  assert.equal(await digest({ "report.html": "another page" }), whole);
  assert.notEqual(await changed(LOG, /"loss":\[1\./, '"loss":[2.'), whole);
  assert.notEqual(await changed(environment, /"version":"/, '"version":"9'), whole);
  assert.notEqual(await changed("run.json", /REPRODUCED/, "BELOW"), whole);
  assert.notEqual(await changed("claims/moco.yaml", /MoCo/, "moco"), whole);
});
