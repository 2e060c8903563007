/** Experiments are the files `experiments/<paper>/<table>.ts`: found by listing the folders, loaded by name. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { AssayError, failure } from "../base/error.ts";
import { type Experiment, experimentOf } from "./experiment.ts";
import type { Table } from "./table/vocabulary.ts";

const FOLDER = new URL("../../experiments/", import.meta.url);

/** What the exact checks of several papers share: code, no tables. */
const SHARED = "exact";

/** Ids (`<paper>/<table>`) of all experiments, sorted. */
export function experimentIds(folder: URL = FOLDER): string[] {
  return [...Deno.readDirSync(folder)].filter((entry) => entry.isDirectory && entry.name !== SHARED).flatMap((
    { name: paper },
  ) =>
    [...Deno.readDirSync(new URL(`${paper}/`, folder))]
      .filter((entry) => entry.isFile && entry.name.endsWith(".ts"))
      .map((entry) => `${paper}/${entry.name.slice(0, -3)}`)
  ).sort();
}

/** The id that a user names in full or by its table alone, or undefined. Throws where a table alone is ambiguous. */
export function findExperiment(name: string, ids: readonly string[]): string | undefined {
  if (ids.includes(name)) return name;
  const found = ids.filter((id) => tableOf(id) === name);
  if (found.length > 1) {
    throw new AssayError(
      `Cannot choose experiment "${name}": ${found.length} papers have one; say which: ${found.join(", ")}.`,
    );
  }
  return found[0];
}

/** The shortest name of an experiment that nobody else has. */
export function shortName(id: string, ids: readonly string[]): string {
  const table = tableOf(id);
  return ids.filter((other) => tableOf(other) === table).length > 1 ? id : table;
}

/** Loads an experiment by its id. */
export async function loadExperiment(id: string, folder: URL = FOLDER): Promise<Experiment> {
  return await load(new URL(`${id}.ts`, folder).href, `experiment "${id}"`, id);
}

/** Loads a table file outside the checkout; it imports "assay". Errors: none there, or none in it. */
export async function loadTableFile(path: string): Promise<Experiment> {
  if (!await Deno.stat(path).then((info) => info.isFile, () => false)) {
    throw failure({
      operation: "load",
      object: `the table file "${path}"`,
      required: "it must be a TypeScript file that exports a table as `experiment`",
      found: "no such file",
      wayOut: "check the path; CONTRIBUTING.md shows a table file",
    });
  }
  return await load(toFileUrl(path), `the table file "${path}"`);
}

async function load(href: string, what: string, id?: string): Promise<Experiment> {
  const { experiment } = await imported(href, what);
  if (typeof experiment === "object" && experiment !== null) {
    if (isTable(experiment) && (id === undefined || experiment.id === id)) return experimentOf(experiment);
    if (isCode(experiment) && (id === undefined || experiment.id === id)) return experiment;
  }
  throw new AssayError(
    `Cannot load ${what}: its file must export a constant called "experiment"${
      id === undefined ? ", the table that `table` of assay gives" : ` whose id is "${id}"`
    }.`,
  );
}

const isTable = (value: object): value is Table => "kind" in value && value.kind === "table";
const isCode = (value: object): value is Experiment => "run" in value && typeof value.run === "function";

/** A file's exports. Errors: it cannot be read as TypeScript, or throws while it is. */
async function imported(href: string, what: string): Promise<{ readonly experiment?: unknown }> {
  try {
    return await import(href);
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    throw failure({
      operation: "load",
      object: what,
      required: "its file must be TypeScript that can be imported",
      found: cause instanceof Error ? cause.message.split("\n")[0]! : String(cause),
      wayOut: "correct the file",
    }, cause);
  }
}

const toFileUrl = (path: string): string => pathToFileURL(resolve(path)).href;

const tableOf = (id: string): string => id.slice(id.indexOf("/") + 1);
