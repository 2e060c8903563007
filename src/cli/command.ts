import { resolve } from "node:path";
import { type Message, text } from "@optique/core/message";
import type { InferValue, Parser } from "@optique/core/parser";
import { run as runParser } from "@optique/run";

/** What a file `src/cli/<name>.ts` exports. `run` gets the arguments after the command's name, gives the exit code. */
export interface Command {
  /** One line for `--help`; the table of `main.ts` repeats it so that help loads no command. */
  readonly summary: string;
  run(args: readonly string[]): Promise<number>;
}

/** Exit codes: success, a stated failure (AssayError), wrong usage, a defect of this program. */
export const exitCodes = { ok: 0, failure: 1, usage: 2, defect: 70 } as const;

/** Ends a command early with a code, after its text was printed: `--help` (0) or wrong usage (2). */
export class Exit extends Error {
  override readonly name = "Exit";
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/** What `parseArgs` tells the reader about a command. */
export interface Usage {
  /** The command's name, such as `plan`. */
  readonly name: string;
  /** First line of `--help`. */
  readonly summary: string;
  /** Shown below the options in `--help`: one or two invocations. */
  readonly examples?: Message;
}

/**
 * Parses a command's arguments with an Optique parser; the result is typed by the parser. `--help` prints help and
 * throws `Exit(0)`; anything wrong prints one sentence (option, required, found) on standard error and throws
 * `Exit(2)`. `main` turns both into the process's exit code.
 *
 * ```ts
 * import { message } from "@optique/core/message";
 * import { object } from "@optique/core/constructs";
 * import { withDefault } from "@optique/core/modifiers";
 * import { argument, option } from "@optique/core/primitives";
 * import { integer, string } from "@optique/core/valueparser";
 *
 * const options = object({
 *   method: argument(string({ metavar: "METHOD" }), { description: message`Method to plan.` }),
 *   batch: withDefault(
 *     option("--batch", integer({ metavar: "B", min: 1 }), { description: message`Images per step.` }),
 *     256,
 *   ),
 *   json: option("--json", { description: message`Print JSON.` }),
 * });
 *
 * export const summary = "Exact peak bytes of a training step, without a GPU";
 * export async function run(args: readonly string[]): Promise<number> {
 *   const { method, batch, json } = parseArgs({ name: "plan", summary }, options, args);
 *   ...
 * }
 * ```
 *
 * `./run plan supervised --batch 0` then prints
 * "`--batch`: Expected a value greater than or equal to 1, but got "0". See ./run plan --help." and exits with 2.
 */
export function parseArgs<P extends Parser<"sync", unknown, unknown>>(
  usage: Usage,
  parser: P,
  args: readonly string[],
): InferValue<P> {
  const program = `./run ${usage.name}`;
  let usageLines = ""; // Optique prints them before the error
  const complain = (text: string) => {
    if (!text.startsWith("Error: ")) {
      usageLines = text;
      return;
    }
    console.error(`${text.slice("Error: ".length)} See ${program} --help.`);
    // What is missing is not always named ("No matching option or argument found"); the usage names it.
    if (/missing|no matching|too few/i.test(text)) {
      console.error(usageLines.replace(/^Usage: .* --help\n +/, "Usage: "));
    }
  };
  return runParser(parser, {
    args,
    programName: program,
    help: "option",
    brief: [text(usage.summary)],
    ...(usage.examples ? { examples: usage.examples } : {}),
    showDefault: true,
    showChoices: true,
    aboveError: "usage",
    errorExitCode: exitCodes.usage,
    stdout: (text) => console.log(text),
    stderr: complain,
    onExit: (code) => {
      throw new Exit(code);
    },
  }) as InferValue<P>;
}

/**
 * A path as the caller meant it: relative ones start at the caller's folder, which `deno task` hands on as
 * `INIT_CWD` because a task itself runs in the project's folder. Needs `--allow-env=INIT_CWD`.
 */
export function userPath(path: string): string {
  return resolve(Deno.env.get("INIT_CWD") ?? Deno.cwd(), path);
}

/**
 * Runs `cleanup` when the user presses Ctrl-C, then ends the process with 130; a second Ctrl-C ends it at once. Gives
 * a function that withdraws it. Without a registered cleanup Ctrl-C ends the process as usual. A listener runs only
 * when the event loop is free, so long synchronous work delays it.
 */
export function onInterrupt(cleanup: () => void | Promise<void>): () => void {
  let pressed = false;
  const listener = async () => {
    if (pressed) Deno.exit(130);
    pressed = true;
    console.error("\nInterrupted: finishing; press Ctrl-C again to stop at once.");
    try {
      await cleanup();
    } finally {
      Deno.exit(130);
    }
  };
  Deno.addSignalListener("SIGINT", listener);
  return () => Deno.removeSignalListener("SIGINT", listener);
}
