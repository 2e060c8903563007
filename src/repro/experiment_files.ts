/** Experiments are the files `experiments/<paper>/<table>.ts`: found by listing the folders, loaded by name. */
import { AssayError } from "../base/error.ts";
import type { Experiment } from "./experiment.ts";

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
  const module = await import(new URL(`${id}.ts`, folder).href) as { experiment?: Experiment };
  const { experiment } = module;
  if (!experiment || experiment.id !== id) {
    throw new AssayError(
      `Cannot load experiment "${id}": its file must export a constant called "experiment" whose id is "${id}".`,
    );
  }
  return experiment;
}

const tableOf = (id: string): string => id.slice(id.indexOf("/") + 1);
