import { AssayError } from "../base/error.ts";
import config from "../../deno.json" with { type: "json" };
import { type Command, Exit, exitCodes } from "./command.ts";
import { systemFailure } from "./system_failure.ts";
import { nearest } from "../base/nearest.ts";

/** One row of the table of commands. `summary` equals the module's own, so that help needs to load none. */
export interface Entry {
  readonly summary: string;
  /** One invocation worth showing in help, without `./run`, and what it gives. */
  readonly example?: readonly [invocation: string, result: string];
  readonly load: () => Promise<Command>;
}

/** Every command, in the order of help. Adding one is one row here and one file beside this one. */
export const commands: Readonly<Record<string, Entry>> = {
  repro: {
    summary: "Run a paper's table and set it beside what was published, with a verdict per claim",
    example: [
      "repro table6",
      "peak GPU bytes of S-DIET and the methods it is compared with, planned and measured; nothing to download",
    ],
    load: () => import("./repro.ts"),
  },
  audit: {
    summary: "Contradictions inside and between published results, without training or a GPU",
    example: [
      "audit sdiet",
      "the findings in S-DIET's published tables, each with its quote and the recomputed value",
    ],
    load: () => import("./audit.ts"),
  },
  plan: {
    summary: "Exact peak bytes of a training step by role, before anything runs and without a GPU",
    example: [
      "plan supervised --encoder resnet50 --batch 256 --image 224",
      "peak bytes, roles, FLOPs, largest values",
    ],
    load: () => import("./plan.ts"),
  },
  doctor: {
    summary: "Runtime, adapter, limits, features granted, what this machine can run, and a self-check",
    example: ["doctor", "whether this machine can train, and on what"],
    load: () => import("./doctor.ts"),
  },
  data: {
    summary: "List, fetch, verify and show datasets",
    load: () => import("./data.ts"),
  },
  diff: {
    summary: "What differs between two runs, and the likely cause of a differing outcome",
    example: ["diff runs/sdiet-seed0 runs/sdiet-seed1", "the first differing step and what explains it"],
    load: () => import("./diff.ts"),
  },
  gate: {
    summary: "Red when accuracy falls or peak memory grows by one byte against the baselines",
    load: () => import("./gate.ts"),
  },
  runs: {
    summary: "List, show and compare the runs on this machine",
    load: () => import("./runs.ts"),
  },
  report: {
    summary: "Static pages of all results, claims, findings and runs, readable without a network",
    load: () => import("./report.ts"),
  },
  verify: {
    summary: "Check a bundle offline: digests, signature, events, report, and replays on request",
    load: () => import("./verify.ts"),
  },
  keys: {
    summary: "Make and show the key that signs bundles",
    load: () => import("./keys.ts"),
  },
};

/** The text of `--help`. */
export function help(table: Readonly<Record<string, Entry>>): string {
  const names = Object.keys(table);
  const width = Math.max(0, ...names.map((name) => name.length)) + 2;
  const examples = Object.values(table).flatMap((entry) => entry.example ? [entry.example] : []).slice(0, 3);
  return [
    `Assay ${config.version} reproduces and audits self-supervised-learning papers: it trains their methods with its own`,
    "WebGPU engine, measures accuracy and peak GPU memory, and sets both beside the published tables.",
    "",
    "Usage: ./run <command> [arguments]        ./run <command> --help explains one command",
    "",
    "Commands:",
    ...names.map((name) => `  ${name.padEnd(width)}${table[name]!.summary}`),
    "",
    "For working on the program itself: ./run test, check, bench, fmt.",
    ...(examples.length ? ["", "Examples:"] : []),
    ...examples.flatMap(([invocation, result]) => [`  ./run ${invocation}`, `      ${result}`]),
    "",
    "Exit codes: 0 success, 1 a stated failure, 2 wrong usage, 70 a defect of this program.",
  ].join("\n");
}

function unknownCommand(name: string, names: readonly string[]): string {
  const guess = nearest(name, names);
  const meant = guess === undefined ? "" : ` Did you mean "${guess}"?`;
  return `There is no command "${name}".${meant} The commands are: ${names.join(", ")}.`;
}

/** Explains an error on standard error and gives the exit code that belongs to it. */
export function explain(error: unknown): number {
  if (error instanceof Exit) return error.code;
  const stated = error instanceof AssayError ? error : systemFailure(error);
  if (stated) {
    console.error(stated.message);
    return exitCodes.failure;
  }
  console.error(error instanceof Error ? error.stack ?? String(error) : String(error));
  console.error(
    "This is a defect of the program, not of what you typed: please report it with the lines above.",
  );
  return exitCodes.defect;
}

/** Runs the command that `args` name and gives the exit code. Prints; never throws. */
export async function main(
  args: readonly string[],
  table: Readonly<Record<string, Entry>> = commands,
): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h") {
    console.log(help(table));
    return exitCodes.ok;
  }
  if (name === "--version") {
    console.log(config.version);
    return exitCodes.ok;
  }
  if (!Object.hasOwn(table, name)) {
    console.error(unknownCommand(name, Object.keys(table)));
    return exitCodes.usage;
  }
  try {
    const command = await table[name]!.load();
    return await command.run(rest);
  } catch (error) {
    return explain(error);
  }
}

if (import.meta.main) {
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    Deno.exit(explain(event.reason));
  });
  Deno.exit(await main(Deno.args));
}
