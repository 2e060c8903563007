import assert from "node:assert/strict";
import { AssayError } from "../../src/base/error.ts";
import { chosen, failing, run } from "../../src/cli/audit.ts";
import { realCorpus } from "../claims/real_corpus.ts";

const corpus = realCorpus();

/** Runs the command and gives its exit code and what it printed. */
async function captured(...args: string[]): Promise<{ code: number; out: string }> {
  const lines: string[] = [];
  const log = console.log;
  console.log = (...parts: unknown[]) => lines.push(parts.join(" "));
  try {
    return { code: await run(args), out: lines.join("\n") };
  } finally {
    console.log = log;
  }
}

Deno.test("audit prints a readable report and succeeds by default, whatever it finds", async () => {
  const { code, out } = await captured("loco");
  assert.equal(code, 0);
  assert.match(out, /Not carried: /);
  assert.match(out, /66\.2 - .* = -0\.9/);
});

Deno.test("audit --fail-on turns findings into an exit code", async () => {
  assert.equal((await captured("caowu", "--fail-on", "error")).code, 1);
  assert.equal((await captured("moco", "--fail-on", "error")).code, 0);
  assert.equal((await captured("moco", "--fail-on", "warning")).code, 1);
});

Deno.test("audit --json prints one document", async () => {
  const { out } = await captured("sdiet", "--json");
  const data = JSON.parse(out);
  assert.equal(data.source, "sdiet");
  assert.equal(data.doubts.length, 15);
});

Deno.test("audit all shows a row per source", async () => {
  const { out } = await captured("all");
  for (const s of corpus.sources) assert.match(out, new RegExp(`\\| ${s.id} `));
});

Deno.test("audit --sarif writes a log that holds the findings", async () => {
  const file = await Deno.makeTempFile({ suffix: ".sarif" });
  try {
    assert.equal((await captured("moco", "--sarif", file)).code, 0);
    const log = JSON.parse(await Deno.readTextFile(file));
    assert.equal(log.version, "2.1.0");
    assert.ok(log.runs[0].results.length >= 3);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("audit --sarif - prints the log instead of the report", async () => {
  const { out } = await captured("moco", "--sarif", "-");
  assert.equal(JSON.parse(out).version, "2.1.0");
});

Deno.test("audit names what cannot be written", async () => {
  await assert.rejects(
    captured("moco", "--sarif", "/nonexistent-folder/x.sarif"),
    (e) =>
      e instanceof AssayError &&
      /Cannot write "\/nonexistent-folder\/x\.sarif": its folder must exist/.test(e.message),
  );
});

Deno.test("an unknown source lists the sources and the nearest", () => {
  assert.throws(() => chosen(corpus, "compres"), (e) => {
    assert.ok(e instanceof AssayError);
    assert.match(e.message, /caowu, compress, gessl/);
    assert.match(e.message, /did you mean "compress"/);
    return true;
  });
});

Deno.test("failing follows the threshold", () => {
  const warnings = chosen(corpus, "moco")[0]!.findings;
  assert.ok(!failing(warnings, "error") && failing(warnings, "warning") && !failing(warnings, "never"));
});
