/**
 * Every file of `src` that exports code has a test at the mirrored path: `src/stats/welch.ts` is tested by
 * `tests/stats/welch_test.ts` (or `welch_slow_test.ts`). So has code of exact checks: `experiments/exact/scalar.ts` is
 * tested by `tests/experiments/exact/scalar_test.ts`. Files without code of their own, and those that another
 * test covers better, are listed here with the reason.
 */
import { join } from "node:path";
import { projectFiles } from "./files.ts";

/** A file or folder (ending in `/`) of `src` whose tests lie elsewhere: `test` must exist. */
export interface Exception {
  readonly path: string;
  readonly test: string;
  readonly reason: string;
}

const EXCEPTIONS: readonly Exception[] = [
  {
    path: "src/methods/",
    test: "tests/methods/conformance_test.ts",
    reason: "finds every method by globbing and holds each to the same contract",
  },
];

/** Whether TypeScript source exports anything that runs: a function, a class, or a constant that is a function. */
export function exportsCode(source: string): boolean {
  return /^export (default )?(async )?(function|(abstract )?class)\b/m.test(source) ||
    /^export const \w+[^;]*?=>/m.test(source);
}

/** Paths at which the test of a source file may lie. */
export function testsOf(path: string): string[] {
  const stem = `tests/${path.replace(/^src\//, "").replace(/\.ts$/, "")}`;
  return [`${stem}_test.ts`, `${stem}_slow_test.ts`];
}

/** One sentence per source file without a test, and per exception that no longer holds. */
export async function missingTests(
  root: string,
  exceptions: readonly Exception[] = EXCEPTIONS,
): Promise<string[]> {
  const tests = new Set(await projectFiles(root, "tests", ["_test.ts"]));
  const exact = (await projectFiles(root, "experiments", [".ts"])).filter((path) => path.includes("/exact/"));
  const sources = [...await projectFiles(root, "src", [".ts"]), ...exact];
  const found: string[] = [];
  const used = new Set<Exception>();
  for (const path of sources) {
    if (!exportsCode(await Deno.readTextFile(join(root, path)))) continue;
    const covered = testsOf(path).some((test) => tests.has(test));
    const exception = exceptions.find((e) =>
      e.path === path || (e.path.endsWith("/") && path.startsWith(e.path))
    );
    if (exception) used.add(exception);
    if (!covered && !exception) found.push(`${path} exports code, but ${testsOf(path)[0]} does not exist.`);
  }
  for (const exception of used) {
    if (!tests.has(exception.test)) {
      found.push(`${exception.path} is excused because of ${exception.test}, which does not exist.`);
    }
  }
  for (const exception of exceptions) {
    if (!exception.path.endsWith("/") && !sources.includes(exception.path)) {
      found.push(`${exception.path} is excused but does not exist; remove the exception.`);
    }
  }
  return found;
}

/** Prints the missing tests of the project at `root`; gives the exit code. */
export async function checkMirror(root = "."): Promise<number> {
  const found = await missingTests(root);
  for (const sentence of found) console.error(sentence);
  console.log(`Files of src and of exact checks without their test: ${found.length}.`);
  return found.length ? 1 : 0;
}

if (import.meta.main) Deno.exit(await checkMirror());
