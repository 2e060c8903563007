/** A bundle whose `run.json` an earlier version wrote: what this program cannot derive from it, and what it still can. */
import { NAMES } from "../../record/paths.ts";
import { olderFormat } from "../../report/result.ts";
import type { Codes, Statement } from "./statement.ts";

/** The parts of a statement that follow from the claims of a result. */
export type Tests = Pick<Statement["predicate"], "result" | "passedTests" | "warnedTests" | "failedTests">;

/**
 * Says in one sentence that the result is of an older format, and which program reads it; undefined where it is not, or
 * where the program that verifies is the one that says it made it.
 */
export function olderResult(result: unknown, { made, here }: Codes): string | undefined {
  const old = olderFormat(result);
  if (old === undefined || made === undefined || made.source === here.source) return undefined;
  return `${NAMES.run} is of the older format ${old}; verify it with version ${made.version}, source ${
    made.source.slice(0, 12)
  }, which made it`;
}

/** The statement with other tests: those of a result that only an earlier version can judge are taken as stated. */
export function withTests(statement: Statement, tests: Tests): Statement {
  const { result, passedTests, warnedTests, failedTests } = tests;
  return {
    ...statement,
    predicate: { ...statement.predicate, result, passedTests, warnedTests, failedTests },
  };
}
