/** How the runs of a table were made: every field of their specifications, first what all share, then what sets each apart. */
import type { RunSpec } from "../../record/spec/spec.ts";
import type { Telling } from "./cells.ts";
import { nameOf } from "./grids.ts";

/** One line of what all runs share, and one for each row and column that differs. */
export function protocolLines({ table, chosen, runs }: Telling): string[] {
  const [seed] = chosen.seeds;
  const cells = runs.filter((run) => run.seed === seed).map((run) => ({
    name: [nameOf(table, run.row), run.column].filter((part) => part !== "").join(", "),
    fields: fieldsOf(run.spec),
  }));
  if (cells.length === 0) return [];
  const shared = [...cells[0]!.fields].filter(([key, value]) =>
    cells.every((cell) => cell.fields.get(key) === value)
  );
  const common = new Set(shared.map(([key]) => key));
  const line = (fields: Iterable<readonly [string, string]>): string =>
    [...fields].map(([key, value]) => `${key} ${value}`).join(", ");
  return [
    `Every run: ${line(shared)}; seeds ${chosen.seeds.join(", ")}.`,
    ...cells.flatMap(({ name, fields }) => {
      const own = [...fields].filter(([key]) => !common.has(key));
      return own.length > 0 ? [`${name}: ${line(own)}.`] : [];
    }),
  ];
}

/** Every field by its path, those at their default too; the seed stands apart. */
function fieldsOf(spec: RunSpec): Map<string, string> {
  const fields = new Map<string, string>();
  collect(spec, "", fields);
  fields.delete("seed");
  return fields;
}

/** Leaves by path; lists of numbers and words are leaves, lists of objects are numbered from 1. */
function collect(value: unknown, path: string, into: Map<string, string>): void {
  if (Array.isArray(value) && value.every((v) => typeof v !== "object")) {
    into.set(path, value.length > 0 ? value.join("/") : "none");
  } else if (typeof value === "object" && value !== null) {
    for (const [key, v] of Object.entries(value)) {
      const name = Array.isArray(value) ? String(Number(key) + 1) : key;
      collect(v, path === "" ? name : `${path}.${name}`, into);
    }
  } else into.set(path, String(value));
}
