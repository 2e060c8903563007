import assert from "node:assert/strict";
import { writeBundle } from "../../../src/evidence/bundle/write.ts";
import { verifyBundle } from "../../../src/evidence/bundle/verify.ts";
import { readZip } from "../../../src/record/zip.ts";
import { inFolder, makeOutput, put, regenerate } from "../../record/synthetic_run.ts";
import { bundleBytes, code, key, signed, tamperedPlaces } from "./synthetic_bundle.ts";

const about = { title: "t", description: "d", code };

Deno.test("writeBundle gives the same zip for the same output", async () => {
  await inFolder(async (folder) => {
    await makeOutput(`${folder}/out`);
    const source = `${folder}/out`;
    assert.deepEqual(await bundleBytes({ source }), await bundleBytes({ source }));
  });
});

Deno.test("writeBundle of an interrupted and resumed run has the content digest of an uninterrupted one", () =>
  inFolder(async (folder) => {
    await makeOutput(`${folder}/whole`);
    await makeOutput(`${folder}/broken`, true);
    const log = (name: string) => Deno.readTextFile(`${folder}/${name}/runs/alpha-seed1/events.jsonl`);
    assert.notEqual(await log("broken"), await log("whole"));
    assert.match(await log("broken"), /"event":"resume"/);
    const digests = [];
    for (const name of ["whole", "broken"]) {
      const target = `${folder}/${name}.zip`;
      digests.push(
        (await writeBundle({ ...about, source: `${folder}/${name}`, target, claims: ["moco"] })).content,
      );
      assert.deepEqual(tamperedPlaces(await verifyBundle(target, { regenerate, code })), []);
    }
    assert.equal(digests[0], digests[1]);
  }));

Deno.test("writeBundle writes a folder with the files of the zip, and says what it wrote", () =>
  inFolder(async (folder) => {
    await makeOutput(`${folder}/out`);
    const options = { ...about, source: `${folder}/out`, claims: ["moco"], checkpoints: true, key };
    const written = await writeBundle({ ...options, target: `${folder}/b` });
    const zipped = await writeBundle({ ...options, target: `${folder}/b.zip` });
    const files = readZip(await Deno.readFile(`${folder}/b.zip`));
    assert.deepEqual([written.files, zipped.files], [files.size, files.size]);
    assert.equal(written.content, zipped.content);
    assert.equal(written.signer, key.public.fingerprint);
    for (const [path, bytes] of files) {
      assert.deepEqual(await Deno.readFile(`${folder}/b/${path}`), bytes, path);
    }
    assert.deepEqual([...files.keys()].sort(), [...readZip(signed).keys()].sort());
  }));

Deno.test("writeBundle takes what belongs to the report and the runs, and nothing else", () =>
  inFolder(async (folder) => {
    await makeOutput(`${folder}/out`);
    for (const path of ["notes.txt", "runs/alpha-seed1/heads/rows.bin", "statement.json", "signer.pub.pem"]) {
      await put(`${folder}/out/${path}`, "x");
    }
    await put(`${folder}/out/findings.sarif`, "{}");
    const { signer } = await writeBundle({ ...about, source: `${folder}/out`, target: `${folder}/b.zip` });
    assert.equal(signer, undefined);
    const paths = [...readZip(await Deno.readFile(`${folder}/b.zip`)).keys()].sort();
    assert.deepEqual(paths.filter((p) => !p.startsWith("runs/")), [
      "findings.sarif",
      "plots/loss.vl.json",
      "report.html",
      "report.md",
      "ro-crate-metadata.json",
      "run.json",
      "statement.json",
    ]);
    assert.deepEqual(paths.filter((p) => p.startsWith("runs/beta")), [
      "runs/beta-seed1/environment.json",
      "runs/beta-seed1/events.jsonl",
      "runs/beta-seed1/spec.json",
    ]);
  }));

Deno.test("writeBundle refuses a target that exists, an unfinished run and an unknown source of claims", () =>
  inFolder(async (folder) => {
    await makeOutput(`${folder}/out`);
    const options = { ...about, source: `${folder}/out`, target: `${folder}/b` };
    await put(`${folder}/taken.zip`, "x");
    await assert.rejects(
      writeBundle({ ...options, target: `${folder}/taken.zip` }),
      /nothing may be there yet/,
    );
    await assert.rejects(
      writeBundle({ ...options, claims: ["mocoo"] }),
      /Cannot bundle "claims\/mocoo.yaml"/,
    );
    const log = `${folder}/out/runs/beta-seed1/events.jsonl`;
    const whole = await Deno.readTextFile(log);
    await Deno.writeTextFile(log, whole.split("\n").slice(0, -2).join("\n") + "\n");
    await assert.rejects(
      writeBundle(options),
      /runs\/beta-seed1\/events.jsonl:\d+: run-stop is missing; finish them/,
    );
    await assert.rejects(Deno.stat(options.target), Deno.errors.NotFound);
    await Deno.writeTextFile(log, whole);
    await Deno.remove(`${folder}/out/runs/beta-seed1/checkpoints/step-3.safetensors`);
    await assert.rejects(
      writeBundle({ ...options, checkpoints: true }),
      /step-3.safetensors, which its events name/,
    );
    await writeBundle(options);
  }));

Deno.test("writeBundle refuses a report that the events do not give", () =>
  inFolder(async (folder) => {
    await makeOutput(`${folder}/out`);
    const options = { ...about, source: `${folder}/out`, target: `${folder}/b`, regenerate };
    const page = await Deno.readTextFile(`${folder}/out/report.md`);
    await Deno.writeTextFile(`${folder}/out/report.md`, page.replace("kNN", "linear"));
    await assert.rejects(
      writeBundle(options),
      /must be the one that this program makes of its runs, found report\.md:3, column linear/,
    );
    await Deno.writeTextFile(`${folder}/out/report.md`, page);
    await writeBundle(options);
  }));
