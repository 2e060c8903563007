import assert from "node:assert/strict";
import { PhiloxStream } from "../../../src/base/random.ts";
import { sha256 } from "../../../src/base/canonical.ts";
import { parseEnvelope, sign } from "../../../src/evidence/bundle/dsse.ts";
import { memoryFiles, openBundle } from "../../../src/record/files.ts";
import { readContent } from "../../../src/evidence/bundle/content.ts";
import { generateKey } from "../../../src/evidence/bundle/keys.ts";
import { encodeStatement, makeStatement } from "../../../src/evidence/bundle/statement.ts";
import { verifyBundle, verifyFiles } from "../../../src/evidence/bundle/verify.ts";
import { writeBundle } from "../../../src/evidence/bundle/write.ts";
import { readZip, writeZip } from "../../../src/record/zip.ts";
import { inFolder, makeOutput, put, regenerate } from "../../record/synthetic_run.ts";
import {
  bundleBytes,
  code,
  key,
  signed,
  tamperedPlaces,
  text,
  verifyBytes,
  withFile,
} from "./synthetic_bundle.ts";

const ALPHA1 = "runs/alpha-seed1/", ALPHA2 = "runs/alpha-seed2/";

Deno.test("verify accepts a bundle as it was written, signed and unsigned, and says which", async () => {
  const whole = await verifyBytes(signed);
  assert.deepEqual(tamperedPlaces(whole), []);
  assert.equal(whole.signer, key.public.fingerprint);
  const says = (check: string) =>
    whole.lines.filter((l) => l.check === check).map((l) => `${l.status} ${l.message}`);
  assert.match(says("signature")[0]!, /^OK by the embedded key .* proves integrity, not who signed/);
  assert.match(says("report")[0]!, /^OK /);
  assert.match(says("events")[0]!, /^OK \d+ events of 3 runs/);
  assert.match(says("checkpoints")[0]!, /^OK 12 checkpoints/);
  assert.match(says("data")[0]!, /^NOT-CHECKED /);
  assert.match(says("claims")[0]!, /^OK claims\/moco\.yaml is this program's/);
  assert.match(says("replay")[0]!, /^NOT-CHECKED /);
  const bare = await verifyBytes(await unsignedBytes());
  assert.deepEqual([tamperedPlaces(bare), bare.signer], [[], undefined]);
  assert.match(bare.lines.find((l) => l.check === "signature")!.message, /^UNSIGNED: /);
  assert.equal(bare.content, whole.content);
});

async function unsignedBytes(): Promise<Uint8Array<ArrayBuffer>> {
  return await inFolder(async (folder) => {
    await makeOutput(`${folder}/out`);
    const target = `${folder}/b.zip`;
    await writeBundle({
      source: `${folder}/out`,
      target,
      title: "A toy table",
      description: "Synthetic runs.",
      claims: ["moco"],
      checkpoints: true,
      code,
    });
    return await Deno.readFile(target);
  });
}

Deno.test("verify finds every one of 500 random single-byte edits over a signed folder's files, and names the file", async () => {
  const files = readZip(signed);
  const paths = [...files.keys()].sort();
  const total = paths.reduce((sum, path) => sum + files.get(path)!.length, 0);
  const stream = new PhiloxStream([500, 1]);
  for (let edit = 0; edit < 500; edit++) {
    let at = stream.below(total), path = paths[0]!;
    for (path of paths) {
      if (at < files.get(path)!.length) break;
      at -= files.get(path)!.length;
    }
    const changed = files.get(path)!.slice();
    changed[at]! ^= 1 + stream.below(255);
    const found = await verifyFiles(memoryFiles("bundle", new Map(files).set(path, changed)), {
      regenerate,
      code,
    });
    assert.ok(found.tampered, `byte ${at} of ${path} went unseen`);
    assert.ok(tamperedPlaces(found).some((p) => p.includes(path)), `${path}: ${tamperedPlaces(found)}`);
  }
});

Deno.test("verify finds every edit of an unsigned bundle's files that leaves the statement alone, or is in it", async () => {
  const files = readZip(await unsignedBytes());
  const stream = new PhiloxStream([500, 2]);
  for (const [path, bytes] of files) {
    const edits = path === "statement.json" ? 150 : 5; // the statement is what nothing else covers
    for (let edit = 0; edit < edits && bytes.length > 0; edit++) {
      const changed = bytes.slice();
      changed[stream.below(bytes.length)]! ^= 1 + stream.below(255);
      const found = await verifyFiles(memoryFiles("bundle", new Map(files).set(path, changed)), {
        regenerate,
      });
      assert.ok(found.tampered, path);
    }
  }
});

Deno.test("verify finds 500 random single-byte edits of the zip itself", async () => {
  const stream = new PhiloxStream([500, 3]);
  for (let edit = 0; edit < 500; edit++) {
    const changed = signed.slice();
    const at = stream.below(changed.length);
    changed[at]! ^= 1 + stream.below(255);
    assert.ok((await verifyBytes(changed)).tampered, `byte ${at} went unseen`);
  }
});

Deno.test("verify names the line of an event that was changed", async () => {
  const path = `${ALPHA1}events.jsonl`;
  const forged = withFile(signed, path, (b) => text(b).replace(/"knn":[\d.]+/, '"knn":99.9'));
  const line = text(readZip(forged).get(path)!).split("\n").findIndex((l) => l.includes('"knn":99.9')) + 1;
  assert.ok(line > 1);
  assert.ok(tamperedPlaces(await verifyBytes(forged)).includes(`files ${path}:${line}`));
});

Deno.test("verify names missing files, files beyond the statement, and links", async () => {
  assert.deepEqual(tamperedPlaces(await verifyBytes(withFile(signed, "report.html", () => undefined))), [
    "files report.html",
    "report report.html",
  ]);
  assert.deepEqual(tamperedPlaces(await verifyBytes(withFile(signed, "extra.txt", () => "x"))), [
    "files extra.txt",
  ]);
  await inFolder(async (folder) => {
    for (const [path, bytes] of readZip(signed)) await put(`${folder}/b/${path}`, bytes);
    assert.equal((await verifyBundle(`${folder}/b`, { regenerate, code })).tampered, false);
    await Deno.rename(`${folder}/b/report.md`, `${folder}/report.md`);
    await Deno.symlink(`${folder}/report.md`, `${folder}/b/report.md`);
    const places = tamperedPlaces(await verifyBundle(`${folder}/b`, { regenerate, code }));
    assert.deepEqual(places, ["container report.md", "files report.md", "report report.md"]);
  });
});

Deno.test("verify does not let a bundle be forged without the key", async () => {
  const other = await generateKey();
  const forged = withFile(signed, "run.json", (b) => text(b).replace("REPRODUCED", "EXCEEDS"));
  const files = readZip(forged);
  const view = memoryFiles("forged", files);
  const statement = encodeStatement(await makeStatement(view, (await readContent(view)).content, code));
  const { signatures } = JSON.parse(text(files.get("attestation.dsse.json")!));
  const kept = JSON.stringify({
    payload: statement.toBase64(),
    payloadType: "application/vnd.in-toto+json",
    signatures,
  });
  files.set("attestation.dsse.json", new TextEncoder().encode(`${kept}\n`));
  assert.equal(typeof parseEnvelope(`${kept}\n`), "object");
  assert.ok(tamperedPlaces(await verifyBytes(writeZip(files))).includes("signature attestation.dsse.json"));

  // Signed again by another key: the embedded key fits, and --key still tells.
  files.set("signer.pub.pem", new TextEncoder().encode(other.public.pem));
  const again = memoryFiles("forged", files);
  const restated = encodeStatement(await makeStatement(again, (await readContent(again)).content, code));
  files.set("attestation.dsse.json", new TextEncoder().encode(await sign(restated, other)));
  const foreign = await verifyBytes(writeZip(files), { key: key.public });
  assert.ok(tamperedPlaces(foreign).includes("signature attestation.dsse.json"));
  assert.match(foreign.lines.find((l) => l.check === "signature")!.message, /not by the demanded/);
  // And the verdict that was edited does not follow from the events.
  assert.deepEqual(tamperedPlaces(await verifyBytes(writeZip(files))), ["report run.json claims[0].verdict"]);
});

Deno.test("verify with a demanded key accepts its signature and refuses an unsigned bundle", async () => {
  const good = await verifyBytes(signed, { key: key.public });
  assert.match(good.lines.find((l) => l.check === "signature")!.message, /^by the given key/);
  assert.equal(good.tampered, false);
  const bare = await verifyBytes(await unsignedBytes(), { key: key.public });
  assert.deepEqual(tamperedPlaces(bare), ["signature statement.json"]);
  const both = withFile(signed, "statement.json", () => "{}");
  assert.ok(tamperedPlaces(await verifyBytes(both)).includes("signature statement.json"));
});

Deno.test("verify finds what an author with the key forged before signing: events, checkpoint, cell, seed", async () => {
  const edit = async (path: string, change: (text: string) => string) =>
    await Deno.writeTextFile(path, change(await Deno.readTextFile(path)));
  const cell = await bundleBytes(
    {},
    (out) => edit(`${out}/report.md`, (t) => t.replace(/\| alpha(.*)\| .*, /, "| alpha$1| 99, ")),
  );
  assert.deepEqual(tamperedPlaces(await verifyBytes(cell)), ["report report.md:5, column kNN"]);

  const value = await bundleBytes(
    {},
    (out) => edit(`${out}/run.json`, (t) => t.replace(/"values": \[\s*[\d.]+/, '"values": [ 99')),
  );
  assert.deepEqual(tamperedPlaces(await verifyBytes(value)), [
    "report run.json grids[0].rows[0].cells.knn.values[0]",
  ]);

  const evaluation = await bundleBytes({}, (out) => {
    return edit(`${out}/${ALPHA1}events.jsonl`, (t) => t.replace(/"knn":[\d.]+(?![^]*"knn")/, '"knn":77.7'));
  });
  assert.ok(
    tamperedPlaces(await verifyBytes(evaluation)).includes(
      "report run.json grids[0].rows[0].cells.knn.values[0]",
    ),
  );

  const swapped = await bundleBytes({}, async (out) => {
    const [a, b] = [
      `${out}/${ALPHA1}checkpoints/step-3.safetensors`,
      `${out}/${ALPHA1}checkpoints/step-6.safetensors`,
    ];
    await Deno.rename(a, `${a}.x`);
    await Deno.rename(b, a);
    await Deno.rename(`${a}.x`, b);
  });
  assert.deepEqual(tamperedPlaces(await verifyBytes(swapped)), [
    `checkpoints ${ALPHA1}checkpoints/step-3.safetensors`,
    `checkpoints ${ALPHA1}checkpoints/step-6.safetensors`,
  ]);

  const reused = await bundleBytes({}, async (out) => {
    await Deno.remove(`${out}/${ALPHA2}`, { recursive: true });
    await Deno.mkdir(`${out}/${ALPHA2}/checkpoints`, { recursive: true });
    for (const path of ["spec.json", "events.jsonl", "environment.json"]) {
      await Deno.copyFile(`${out}/${ALPHA1}${path}`, `${out}/${ALPHA2}${path}`);
    }
    for await (const { name } of Deno.readDir(`${out}/${ALPHA1}checkpoints`)) {
      await Deno.copyFile(`${out}/${ALPHA1}checkpoints/${name}`, `${out}/${ALPHA2}checkpoints/${name}`);
    }
  });
  assert.ok(tamperedPlaces(await verifyBytes(reused)).includes(`seeds ${ALPHA2}events.jsonl:1`));
});

Deno.test("verify by another version calls no other wording an edit, and still finds a measured number that was edited", async () => {
  const newer = { version: "9.0.0", source: sha256("newer code") };
  const reworded: typeof regenerate = async (content) => {
    const pages = new Map(await regenerate(content));
    return pages.set("report.md", pages.get("report.md")!.replace("kNN", "kNN, percent"));
  };
  const sound = await verifyBytes(signed, { code: newer, regenerate: reworded });
  assert.deepEqual(tamperedPlaces(sound), []);
  const said = sound.lines.find((l) => l.check === "report")!;
  assert.equal(said.status, "NOT-CHECKED");
  assert.match(
    said.message,
    /^made by version 0\.0\.0, .* first report\.md:3, column kNN: says "kNN", it should be "kNN, percent"/,
  );
  assert.deepEqual(tamperedPlaces(await verifyBytes(signed, { regenerate: reworded })), [
    "report report.md:3, column kNN",
  ]);
  const edited = await bundleBytes({}, async (out) => {
    const text = await Deno.readTextFile(`${out}/run.json`);
    await Deno.writeTextFile(`${out}/run.json`, text.replace(/"values": \[\s*[\d.]+/, '"values": [ 99'));
  });
  const found = await verifyBytes(edited, { code: newer, regenerate: reworded });
  assert.deepEqual(tamperedPlaces(found), ["report run.json grids[0].rows[0].cells.knn.values[0]"]);
});

Deno.test("verify says clearly what is half a bundle and what is none", async () => {
  await assert.rejects(
    verifyBytes(withFile(signed, "attestation.dsse.json", () => undefined)),
    /Cannot verify .* found neither beside \d+ other files, so only part of a bundle; copy the whole bundle again/,
  );
  await inFolder(async (folder) => {
    await assert.rejects(verifyBundle(folder), /found neither; name a bundle/);
    await put(`${folder}/half.zip`, signed.subarray(0, signed.length >> 1));
    assert.deepEqual(tamperedPlaces(await verifyBundle(`${folder}/half.zip`)), [
      `container ${folder}/half.zip`,
    ]);
    await put(`${folder}/empty.zip`, new Uint8Array());
    await assert.rejects(openBundle(`${folder}/empty.zip`), /a folder or a zip archive/);
  });
  const files = readZip(signed);
  const half = new Map([...files].filter(([path]) => !path.startsWith(ALPHA2)));
  const missing = tamperedPlaces(await verifyBytes(writeZip(half)));
  assert.ok(missing.includes(`files ${ALPHA2}events.jsonl`) && missing.includes(`files ${ALPHA2}spec.json`));
});

Deno.test("verify needs the embedded key, and reads no report where there is none", async () => {
  const keyless = await verifyBytes(withFile(signed, "signer.pub.pem", () => undefined));
  assert.ok(tamperedPlaces(keyless).includes("signature signer.pub.pem"));

  const blind = await verifyFiles(memoryFiles("b", readZip(signed)), { code });
  assert.match(
    blind.lines.find((l) => l.check === "report")!.message,
    /cannot be made again from the events/,
  );
  assert.equal(blind.tampered, false);
});
