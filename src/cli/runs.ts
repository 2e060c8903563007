import { object, or } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { multiple, optional, withDefault } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { argument, command, constant, option } from "@optique/core/primitives";
import { choice, string } from "@optique/core/valueparser";
import { dirname, join } from "node:path";
import { failure } from "../base/error.ts";
import { readRun } from "../record/run_folder.ts";
import { renderComparison, renderList, renderRun } from "../record/index/render.ts";
import { RunIndex } from "../record/index/store.ts";
import { exitCodes, parseArgs, userPath } from "./command.ts";

export const summary = "List, show and compare the runs on this machine";

const folder = string({ metavar: "FOLDER" });
const named = string({ metavar: "RUN" });
const json = option("--json", { description: message`Print JSON.` });
const runs = withDefault(
  option("--runs", folder, { description: message`Where runs lie; it is read again each time.` }),
  "runs",
);
const index = optional(option("--index", string({ metavar: "FILE" }), {
  description:
    message`The index. Default: index.sqlite in the folder of runs; made again when it is deleted.`,
}));
const filter = (name: "--method" | "--dataset") => optional(option(name, string({ metavar: "NAME" })));
const states = choice(["completed", "stopped", "failed", "unfinished", "broken"], { metavar: "STATUS" });

const parser = or(
  command(
    "list",
    object({
      action: constant("list"),
      method: filter("--method"),
      dataset: filter("--dataset"),
      status: optional(option("--status", states)),
      runs,
      index,
      json,
    }),
    { description: message`The runs below the folder, and below every folder that was scanned before.` },
  ),
  command(
    "show",
    object({
      action: constant("show"),
      run: argument(named, { description: message`A run's name or folder.` }),
      runs,
      index,
      json,
    }),
    { description: message`One run: hashes, evaluations, checkpoints, faults.` },
  ),
  command(
    "compare",
    object({
      action: constant("compare"),
      names: multiple(argument(named), { min: 2 }),
      runs,
      index,
      json,
    }),
    { description: message`Several runs beside each other; ./run diff explains two.` },
  ),
  command(
    "scan",
    object({ action: constant("scan"), scanned: argument(folder), runs, index }),
    { description: message`Add the runs below a folder to the index.` },
  ),
);

/** Runs `runs ...`; gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const usage = {
    name: "runs",
    summary,
    examples: message`./run runs list --method sdiet, ./run runs compare sdiet-seed0 sdiet-seed1`,
  };
  const options = parseArgs(usage, parser, args.length === 0 ? ["--help"] : args);
  const place = userPath(options.runs);
  const path = options.index === undefined ? join(place, "index.sqlite") : userPath(options.index);
  if (options.action === "scan") await Deno.mkdir(dirname(path), { recursive: true });
  else if (options.index === undefined) await requireFolder(place);
  const store = RunIndex.open(path);
  try {
    if (options.action === "scan") {
      const found = await store.scan(userPath(options.scanned));
      console.log(
        `${found} ${found === 1 ? "run" : "runs"} below ${userPath(options.scanned)}, indexed in ${path}.`,
      );
      return exitCodes.ok;
    }
    for (const gone of await store.refresh(place)) {
      console.error(`${gone} is gone, and its runs left the index.`);
    }
    console.log(await answer(store, options));
    return exitCodes.ok;
  } finally {
    store.close();
  }
}

async function requireFolder(path: string): Promise<void> {
  if (await Deno.stat(path).then((info) => info.isDirectory, () => false)) return;
  throw failure({
    operation: "list",
    object: `the runs of "${path}"`,
    required: "it must be a folder",
    found: "none",
    wayOut: "name the folder that holds runs with --runs, or add one with ./run runs scan FOLDER",
  });
}

type Asked = Exclude<InferValue<typeof parser>, { action: "scan" }>;

async function answer(store: RunIndex, asked: Asked): Promise<string> {
  const find = (name: string) => store.find(name, userPath(name));
  switch (asked.action) {
    case "list": {
      const { method, dataset, status } = asked;
      const found = store.list({ method, dataset, status });
      if (asked.json) return JSON.stringify(found, null, 2);
      const all = store.list().length;
      return found.length > 0
        ? renderList(found)
        : all > 0
        ? `None of ${all} runs is such a one.`
        : `No runs below ${userPath(asked.runs)}; ./run runs scan FOLDER adds others.`;
    }
    case "show": {
      const found = find(asked.run);
      if (found.problem !== null) return asked.json ? JSON.stringify(found, null, 2) : found.problem;
      const recorded = await readRun(found.folder);
      return asked.json
        ? JSON.stringify({ ...found, specification: recorded.spec, events: recorded.events }, null, 2)
        : renderRun(found, recorded);
    }
    case "compare": {
      const found = asked.names.map(find);
      return asked.json ? JSON.stringify(found, null, 2) : renderComparison(found);
    }
  }
}
