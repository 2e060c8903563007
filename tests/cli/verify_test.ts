import assert from "node:assert/strict";
import { run as audit } from "../../src/cli/audit.ts";
import { exitCodes } from "../../src/cli/command.ts";
import { run, verifyAndPrint } from "../../src/cli/verify.ts";
import { createKeyFiles, readSigningKey } from "../../src/evidence/bundle/keys.ts";
import { writeBundle } from "../../src/evidence/bundle/write.ts";
import { inFolder, makeOutput } from "../record/synthetic_run.ts";

/** What a call printed on standard output, and its exit code. */
async function call(command: typeof run, args: readonly string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const before = console.log;
  console.log = (...parts: unknown[]) => void lines.push(parts.join(" "));
  try {
    return { code: await command(args), text: lines.join("\n") };
  } finally {
    console.log = before;
  }
}

/**
 * A bundle without its report, which the synthetic runs have no experiment for, in a folder of its own, with the keys of
 * its author and of somebody else.
 */
function inBundle(body: (bundle: string, author: string, other: string) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    await makeOutput(`${folder}/out`);
    for (const name of ["run.json", "report.md", "report.html"]) await Deno.remove(`${folder}/out/${name}`);
    const [author, other] = [`${folder}/author.pem`, `${folder}/other.pem`];
    for (const path of [author, other]) await createKeyFiles(path);
    const target = `${folder}/bundle`;
    const key = await readSigningKey(author);
    await writeBundle({ source: `${folder}/out`, target, title: "t", description: "d", key });
    await body(target, author, other);
  });
}

Deno.test("verify prints a line per check and gives 0 for a sound bundle, as does audit <bundle>", () =>
  inBundle(async (bundle) => {
    for (const command of [run, audit]) {
      const { code, text } = await call(command, [bundle]);
      assert.equal(code, exitCodes.ok);
      assert.match(
        text,
        /^OK {11}signature {4}by the embedded key [0-9a-f]{64}: this proves integrity, not who signed/m,
      );
      assert.match(text, /^NOT-CHECKED {2}replay/m);
      assert.match(text, /^OK: nothing in .* contradicts anything else/m);
    }
    const { text } = await call(run, [bundle, "--json"]);
    assert.equal(JSON.parse(text).tampered, false);
  }));

Deno.test("verify gives 1 and the place for a bundle that was changed, or signed by another than demanded", () =>
  inBundle(async (bundle, author, other) => {
    assert.equal((await call(run, [bundle, "--key", `${author}.pub`])).code, exitCodes.ok);
    const foreign = await call(run, [bundle, "--key", `${other}.pub`]);
    assert.equal(foreign.code, exitCodes.failure);
    assert.match(
      foreign.text,
      /^TAMPERED {5}signature {4}attestation\.dsse\.json: signed by [0-9a-f]{64}, not by the demanded/m,
    );
    const log = `${bundle}/runs/beta-seed1/events.jsonl`;
    await Deno.writeTextFile(log, (await Deno.readTextFile(log)).replace('"epoch":2', '"epoch":7'));
    const changed = await call(run, [bundle]);
    assert.equal(changed.code, exitCodes.failure);
    assert.match(changed.text, /^TAMPERED {5}files {8}runs\/beta-seed1\/events\.jsonl:\d+: it was changed/m);
  }));

Deno.test("verify explains a missing bundle, a missing key and a private key in its place", () =>
  inBundle(async (bundle, author) => {
    await assert.rejects(call(run, [`${bundle}-not`]), /Cannot read bundle .*-not": it must exist/);
    await assert.rejects(call(run, [bundle, "--key", `${author}.no`]), /no such file; make a key with/);
    await assert.rejects(
      call(run, [bundle, "--key", author]),
      /it must hold a public key in PEM, found private key/,
    );
    await assert.rejects(call(audit, ["./no-such-bundle.zip"]), /Cannot read bundle/);
  }));

Deno.test("verifyAndPrint takes the options of both commands", () =>
  inBundle(async (bundle, author) => {
    const { code } = await call(() => verifyAndPrint({ bundle, key: `${author}.pub`, json: true }), []);
    assert.equal(code, exitCodes.ok);
  }));
