import assert from "node:assert/strict";
import { join } from "node:path";
import { crashedWhileEnding, outcomeOf, testFiles } from "../../tools/test.ts";

Deno.test("outcomeOf reads the counts of Deno's summary", () => {
  assert.deepEqual(outcomeOf("x ... ok\n\nok | 12 passed | 0 failed (3s)\n", 0), {
    passed: 12,
    failed: 0,
    ignored: 0,
  });
  assert.deepEqual(
    outcomeOf("FAILED | 3 passed (2 steps) | 1 failed (1 step) | 4 ignored (9ms)\n\nerror: Test failed\n", 1),
    { passed: 3, failed: 1, ignored: 4 },
  );
});

Deno.test("outcomeOf counts a crash, a bad exit and an empty file as one failure each", () => {
  const crash = outcomeOf("running 3 tests\nx ... ok\n", 134);
  assert.equal(crash.failed, 1);
  assert.match(crash.complaint!, /ended with 134 before its summary/);
  const exit = outcomeOf("ok | 3 passed | 0 failed (1s)\n", 1);
  assert.deepEqual([exit.passed, exit.failed], [3, 1]);
  const empty = outcomeOf("ok | 0 passed | 0 failed (0ms)\n", 0);
  assert.deepEqual([empty.failed, empty.complaint], [1, "holds no test"]);
  assert.equal(outcomeOf("ok | 0 passed | 0 failed | 5 filtered out (0ms)\n", 0, true).failed, 0);
});

Deno.test("outcomeOf is not fooled by a summary that a test printed before the real one", () => {
  assert.equal(outcomeOf("ok | 99 passed | 0 failed (1s)\nFAILED | 1 passed | 2 failed (1s)\n", 1).failed, 2);
});

Deno.test("crashedWhileEnding is true only for a signal after a summary without failures", () => {
  const passed = "ok | 3 passed | 0 failed (1s)\n\ndouble free or corruption (fasttop)\n";
  assert.ok(crashedWhileEnding(passed, 134));
  assert.ok(!crashedWhileEnding(passed, 1));
  assert.ok(!crashedWhileEnding("x ... ok\n", 134));
  assert.ok(!crashedWhileEnding("FAILED | 3 passed | 1 failed (1s)\n", 134));
  assert.ok(!crashedWhileEnding("ok | 0 passed | 0 failed (1s)\n", 134));
});

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await Deno.makeTempDir();
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(join(folder, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(folder, path), text);
  }
  return folder;
}

Deno.test("testFiles finds test files at any depth, slow ones apart", async () => {
  const folder = await folderOf({
    "b_test.ts": "",
    "a/c_test.ts": "",
    "a/d_slow_test.ts": "",
    "a/helper.ts": "",
  });
  assert.deepEqual(await testFiles(folder, false), [join(folder, "a/c_test.ts"), join(folder, "b_test.ts")]);
  assert.deepEqual(await testFiles(folder, true), [join(folder, "a/d_slow_test.ts")]);
  await Deno.remove(folder, { recursive: true });
});

/** Runs the tool on a folder; gives its exit code and its last line. */
async function lastLine(args: readonly string[]): Promise<[code: number, line: string]> {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-read", "--allow-env", "--allow-run", "tools/test.ts", ...args],
    stdout: "piped",
    stderr: "null",
  }).output();
  return [code, new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1)!];
}

Deno.test("test.ts closes with the sum over files and exits with 1 on a failure, a type error and nothing run", async () => {
  const pass = `Deno.test("a", () => {}); Deno.test("b", () => {});`;
  const folder = await folderOf({
    "good/pass_test.ts": pass,
    "good/slow_slow_test.ts": pass,
    "bad/pass_test.ts": pass,
    "bad/fail_test.ts": `${pass} Deno.test("c", () => { throw new Error("no"); });`,
    "bad/crash_test.ts": `Deno.test("a", () => { Deno.kill(Deno.pid, "SIGKILL"); });`,
    "bad/empty_test.ts": `export {};`,
    "types/type_test.ts": `${pass} export const n: number = "text";`,
    "none/helper.ts": "",
  });
  const at = (name: string) => join(folder, name);
  assert.deepEqual(await lastLine([at("good")]), [0, "2 passed, 0 failed"]);
  assert.deepEqual(await lastLine([at("good"), at("good/slow_slow_test.ts")]), [0, "4 passed, 0 failed"]);
  assert.deepEqual(await lastLine(["--slow", at("good")]), [0, "2 passed, 0 failed"]);
  assert.deepEqual(await lastLine(["--filter=a", at("good")]), [0, "1 passed, 0 failed"]);
  assert.deepEqual(await lastLine(["--filter=zzz", at("good")]), [1, "0 passed, 0 failed"]);
  assert.deepEqual(await lastLine([at("bad")]), [1, "4 passed, 3 failed"]);
  assert.deepEqual(await lastLine([at("types")]), [1, "0 passed, 1 failed"]);
  assert.deepEqual(await lastLine([at("none")]), [2, "0 passed, 1 failed"]);
  assert.deepEqual(await lastLine([at("missing")]), [2, "0 passed, 1 failed"]);
  assert.deepEqual(await lastLine(["--slwo"]), [2, "0 passed, 1 failed"]);
  // What reaches src/gpu/device.ts is left out; here that leaves nothing to run.
  assert.deepEqual(await lastLine(["--no-adapter", "tests/gpu/device_test.ts"]), [2, "0 passed, 1 failed"]);
  assert.deepEqual(
    await lastLine(["--no-adapter", "tests/gpu/device_test.ts", "tests/gpu/value_test.ts"]).then(([code]) =>
      code
    ),
    0,
  );
  await Deno.remove(folder, { recursive: true });
});
