import assert from "node:assert/strict";
import { exitCodes } from "../../src/cli/command.ts";
import { run } from "../../src/cli/keys.ts";
import { inFolder, put } from "../record/synthetic_run.ts";

/** What a call printed on standard output, and its exit code. */
async function call(args: readonly string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const before = console.log;
  console.log = (...parts: unknown[]) => void lines.push(parts.join(" "));
  try {
    return { code: await run(args), text: lines.join("\n") };
  } finally {
    console.log = before;
  }
}

Deno.test("keys new makes a key that keys show recognises by either file, and prints no private part", () =>
  inFolder(async (folder) => {
    const path = `${folder}/sub/key.pem`;
    const made = await call(["new", "--out", path]);
    assert.equal(made.code, exitCodes.ok);
    const fingerprint = made.text.match(/Fingerprint {2}([0-9a-f]{64})/)![1]!;
    for (const file of [path, `${path}.pub`]) {
      const shown = await call(["show", "--key", file]);
      assert.match(shown.text, new RegExp(`^Fingerprint  ${fingerprint}\n-----BEGIN PUBLIC KEY-----`));
      assert.doesNotMatch(shown.text, /PRIVATE/);
      assert.equal(JSON.parse((await call(["show", "--key", file, "--json"])).text).fingerprint, fingerprint);
    }
    await assert.rejects(call(["new", "--out", path]), /a key is never overwritten/);
  }));

Deno.test("keys show explains a missing file and a file that holds no key", () =>
  inFolder(async (folder) => {
    await assert.rejects(
      call(["show", "--key", `${folder}/none`]),
      /no such file; make a key with \.\/run keys new/,
    );
    await put(`${folder}/text`, "hello");
    await Deno.chmod(`${folder}/text`, 0o600);
    await assert.rejects(call(["show", "--key", `${folder}/text`]), /found no PEM block/);
  }));
