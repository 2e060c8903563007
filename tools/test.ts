/**
 * Runs the tests and closes with a line of its own: `N passed, N failed`.
 *
 * Usage: test.ts [--slow] [--no-adapter] [--filter=TEXT] [file or folder ...]. Files named `*_slow_test.ts` run only with
 * `--slow` or when named; `--no-adapter` runs those that tools/adapter.ts finds to need no GPU, and lets them find none. Each file gets its own process, so that a crash of the GPU driver or a leak stays with the file that
 * caused it; two run at a time. A file that cannot be type-checked, crashes or holds no test counts as a failure.
 */
import { join, relative, resolve } from "node:path";
import { NO_ADAPTER, withoutAdapter } from "./adapter.ts";

/** What one `deno test` process reported. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly ignored: number;
  /** Why the file failed as a whole, if it did. */
  readonly complaint?: string;
}

const LANES = 2;

const HELP = `Runs the tests, two files at a time, and closes with "N passed, N failed".

Usage: ./run test [--slow] [--no-adapter] [--filter=TEXT] [FILE OR FOLDER]...

  --slow           the slow files (*_slow_test.ts) instead of the others
  --no-adapter     only files that need no GPU, with none to be found; no driver is installed for them
  --filter=TEXT    only tests whose name holds the text

Example: ./run test tests/nn/ops`;

/**
 * Counts from the last summary line of `deno test`, such as `ok | 3 passed (2 steps) | 0 failed | 1 ignored (9ms)`. A
 * process that ended badly without naming a failed test counts as one failure; so does a file without a test, unless
 * `mayBeEmpty` (a name filter is in force).
 */
export function outcomeOf(output: string, code: number, mayBeEmpty = false): Outcome {
  const summary = [...output.matchAll(/^(?:ok|FAILED) \| (\d+) passed.*? \| (\d+) failed(.*)$/gm)].at(-1);
  if (!summary) {
    return { passed: 0, failed: 1, ignored: 0, complaint: `ended with ${code} before its summary` };
  }
  const passed = Number(summary[1]);
  const failed = Number(summary[2]);
  const ignored = Number(/(\d+) ignored/.exec(summary[3]!)?.[1] ?? 0);
  if (code !== 0 && failed === 0) {
    return { passed, failed: 1, ignored, complaint: `ended with ${code} although no test failed` };
  }
  if (passed + failed + ignored === 0 && !mayBeEmpty) {
    return { passed, failed: 1, ignored, complaint: "holds no test" };
  }
  return { passed, failed, ignored };
}

/**
 * Whether every test had passed when the process crashed. Seen twice in several hundred runs of files that use the
 * software driver, on two busy cores ("corrupted size" while the process ends); the cause is not known. Such a file gets
 * one more run, and the output says so.
 */
export function crashedWhileEnding(output: string, code: number): boolean {
  return code >= 128 && /^ok \| [1-9]\d* passed.* \| 0 failed/m.test(output);
}

/** Test files below `folder`, sorted; slow ones or the others. */
export async function testFiles(folder: string, slow: boolean): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) found.push(...await testFiles(path, slow));
    else if (entry.name.endsWith("_test.ts") && entry.name.endsWith("_slow_test.ts") === slow) {
      found.push(path);
    }
  }
  return found.sort();
}

/**
 * Files that the arguments mean: each argument is a file or a folder, relative to the caller's folder or to the
 * project's. An argument that is neither gives an error message.
 */
async function select(args: readonly string[], slow: boolean): Promise<string[] | string> {
  if (args.length === 0) return await testFiles("tests", slow);
  const files = new Set<string>();
  for (const arg of args) {
    let info: Deno.FileInfo | undefined;
    for (const base of [Deno.env.get("INIT_CWD") ?? ".", "."]) {
      const path = relative(Deno.cwd(), resolve(base, arg));
      info = await Deno.stat(path).catch(() => undefined);
      if (!info) continue;
      for (const file of info.isDirectory ? await testFiles(path, slow) : [path]) files.add(file);
      break;
    }
    if (!info) return `There is no test file or folder "${arg}".`;
  }
  return [...files];
}

/** What test code may do; network only on this machine, programs only the few that tests start. */
function permissions(): string[] {
  const programs = ["deno", Deno.execPath(), "git", "/bin/sh", "/usr/bin/chromium", "/bin/false"];
  return [
    "--no-prompt",
    "--allow-read",
    "--allow-write",
    "--allow-env",
    "--allow-sys",
    "--allow-net=localhost,127.0.0.1",
    `--allow-run=${programs.join(",")}`,
  ];
}

/** The environment of the tests: without colours, and without INIT_CWD, the caller's folder, which is meant for this task alone. */
function environment(): Record<string, string> {
  const { INIT_CWD: _, ...rest } = Deno.env.toObject();
  return { ...rest, NO_COLOR: "1" };
}

async function runDeno(
  args: readonly string[],
  extra: Readonly<Record<string, string>> = {},
): Promise<{ code: number; output: string }> {
  // By name: the permission `--allow-run=deno` covers the executable that PATH finds, not a link's target.
  const command = new Deno.Command("deno", {
    args: [...args],
    env: { ...environment(), ...extra },
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const { code, stdout, stderr } = await command.output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, output: decode(stdout) + decode(stderr) };
}

function closingLine(outcomes: readonly Outcome[]): number {
  const sum = (key: "passed" | "failed" | "ignored") => outcomes.reduce((n, o) => n + o[key], 0);
  const failed = sum("failed");
  if (sum("ignored") > 0) console.log(`${sum("ignored")} ignored`);
  console.log(`${sum("passed")} passed, ${failed} failed`);
  return failed > 0 || sum("passed") === 0 ? 1 : 0;
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    console.log(HELP);
    return 0;
  }
  const slow = args.includes("--slow");
  const filter = args.filter((a) => a.startsWith("--filter="));
  const noAdapter = args.includes("--no-adapter");
  const unknown = args.find((a) =>
    a.startsWith("--") && !["--slow", "--no-adapter"].includes(a) && !a.startsWith("--filter=")
  );
  const selected = unknown
    ? `There is no option "${unknown}"; there are --slow, --no-adapter and --filter=TEXT.`
    : await select(args.filter((a) => !a.startsWith("--")), slow);
  const files = noAdapter && typeof selected !== "string" ? await withoutAdapter(".", selected) : selected;
  if (noAdapter && files.length < selected.length) {
    console.log(
      `${selected.length - files.length} of ${selected.length} files need an adapter and are left out.`,
    );
  }
  if (typeof files === "string" || files.length === 0) {
    const kind = `${slow ? "slow " : ""}test file${noAdapter ? " without an adapter" : ""}`;
    console.error(typeof files === "string" ? files : `There is no ${kind} to run.`);
    return closingLine([{ passed: 0, failed: 1, ignored: 0 }]) && 2;
  }

  // Once for all files: `deno test` per file would check the shared modules again each time.
  const checked = await runDeno(["check", "--frozen", "--quiet", ...files]);
  if (checked.code !== 0) {
    console.log(checked.output.trim());
    console.log("The type check failed; no test was run.");
    return closingLine([{ passed: 0, failed: 1, ignored: 0 }]);
  }

  const outcomes: Outcome[] = [];
  const failures: string[] = [];
  const queue = [...files];
  const lane = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const start = performance.now();
      const run = () =>
        runDeno(
          ["test", "--frozen", "--no-check", "--quiet", ...permissions(), ...filter, file],
          noAdapter ? NO_ADAPTER : {},
        );
      let { code, output } = await run();
      if (crashedWhileEnding(output, code)) {
        const last = output.trimEnd().split("\n").at(-1);
        console.log(
          `${file}  every test passed, then the process crashed with ${code} (${last}); running it again`,
        );
        ({ code, output } = await run());
      }
      const outcome = outcomeOf(output, code, filter.length > 0);
      outcomes.push(outcome);
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.log(`${file}  ${outcome.passed} passed, ${outcome.failed} failed (${seconds} s)`);
      if (outcome.failed > 0 || outcome.complaint !== undefined) {
        console.log(output.trimEnd().replaceAll(/^/gm, "    "));
        if (outcome.complaint !== undefined) console.log(`    ${file} ${outcome.complaint}`);
        failures.push(file);
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  if (failures.length > 0) console.log(`\nFailed:\n${failures.map((f) => `  ${f}`).join("\n")}`);
  console.log();
  return closingLine(outcomes);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
