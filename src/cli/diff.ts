import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { argument, option } from "@optique/core/primitives";
import { string } from "@optique/core/valueparser";
import { diffRuns } from "../evidence/diff/diff.ts";
import { renderDiff } from "../evidence/diff/render.ts";
import { readRun } from "../record/run_folder.ts";
import { exitCodes, parseArgs, userPath } from "./command.ts";

export const summary = "What differs between two runs, and the likely cause of a differing outcome";

const run1 = string({ metavar: "RUN" });
const options = object({
  a: argument(run1, { description: message`A run's folder, or a bundle's run as in bundle.zip/runs/NAME.` }),
  b: argument(run1, { description: message`The run to compare with it.` }),
  json: option("--json", { description: message`Print JSON with every difference.` }),
});

/** Compares two runs; reads only. Exit code 1 when their outcomes differ. */
export async function run(args: readonly string[]): Promise<number> {
  const { a, b, json } = parseArgs(
    {
      name: "diff",
      summary: `${summary}. Exit code 0 when the outcomes are equal, 1 when they are not.`,
      examples: message`./run diff runs/sdiet-seed0 runs/sdiet-seed1`,
    },
    options,
    args,
  );
  const difference = diffRuns(await readRun(userPath(a)), await readRun(userPath(b)));
  console.log(json ? JSON.stringify(difference, null, 2) : renderDiff(difference));
  return difference.verdict === "SAME-BITS" ? exitCodes.ok : exitCodes.failure;
}
