/** How the runs of a table were made: every field of their specifications, first what all share, then what sets each apart. */
import { withoutDefaults } from "../../record/spec/defaults.ts";
import { flatten } from "../../record/differences.ts";
import { specSchema } from "../../record/spec/spec.ts";
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

/** Fields that do not stand at their default, by path; the seed stands apart. */
function fieldsOf(spec: Parameters<typeof withoutDefaults>[1]): Map<string, string> {
  const fields = flatten(withoutDefaults(specSchema, spec));
  fields.delete("seed");
  return fields;
}
