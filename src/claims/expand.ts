/** From a validated file to claims: one per cell, with the innermost setting of each field. */
import type { Artifact, Claim, Dataset, Printed, Reference, Source, Statement, Table } from "./claim.ts";
import { decimalsOf } from "./claim.ts";
import { claimsError, type Location, type Path, type Positioned, suggestion } from "./positions.ts";
import type { DatasetsFile, Protocol, SourceFile, TableFile } from "./schema.ts";

type Row = TableFile["rows"][number];
type Column = TableFile["columns"][number];
type CellObject = Exclude<Row["cells"][number], number | null>;
type Level = Partial<Omit<CellObject, "value" | "spread" | "runs" | "quote">>;

/** Expands one source. Throws an AssayError with line and column for an id that points nowhere. */
export function expandSource(file: Positioned, data: SourceFile, datasets: DatasetsFile["datasets"]): Source {
  const references = new Map<string, Reference>(
    Object.entries(data.references).map(([id, r]) => [id, { id, ...r, at: file.at(["references", id]) }]),
  );
  const reference = (id: string | undefined, at: Location): Reference => {
    const found = id === undefined ? undefined : references.get(id);
    if (found !== undefined) return found;
    const known = [...references.keys()];
    throw claimsError(
      at,
      "a claim needs a reference declared under references",
      id === undefined ? "none" : `"${id}"`,
      suggestion(id ?? "", known),
    );
  };
  const dataset = (id: string | undefined, at: Location): Dataset | undefined => {
    if (id === undefined) return undefined;
    const found = datasets[id];
    if (found !== undefined) return { id, ...found };
    throw claimsError(
      at,
      "a data set must be declared in datasets.yaml",
      `"${id}"`,
      suggestion(id, Object.keys(datasets)),
    );
  };
  unique(file, "tables", data.tables);
  unique(file, "statements", data.statements);
  const claims: Claim[] = [];
  const artifacts: Artifact[] = [];
  const tables = data.tables.map((table, t): Table => {
    const base: Path = ["tables", t];
    checkShape(file, base, table);
    const outer: Level[] = [{ n: data.n, protocol: data.protocol }, table];
    table.rows.forEach((row, r) => {
      const at = file.at([...base, "rows", r]);
      const rowLevel = merge([...outer, row]);
      if (row.artifact !== undefined) {
        artifacts.push({
          source: data.source,
          table: table.id,
          row: row.id,
          method: rowLevel.method ?? row.id,
          ...row.artifact,
          protocol: merge([...outer, table.columns[0]!, row]).protocol ?? {},
          dataset: dataset(merge([...outer, table.columns[0]!, row]).dataset, at),
          reference: reference(rowLevel.reference, at),
          at: file.at([...base, "rows", r, "artifact"]),
        });
      }
      row.cells.forEach((cell, c) => {
        if (cell === null) return;
        const path: Path = [...base, "rows", r, "cells", c];
        const column = table.columns[c]!;
        const object: CellObject | undefined = typeof cell === "number" ? undefined : cell;
        const level = merge([...outer, column, row, object ?? {}]);
        const place = file.at(path);
        const printed = readPrinted(file, object === undefined ? path : [...path, "value"]);
        claims.push({
          ...printed,
          id: `${data.source}:${table.id}/${row.id}/${column.id}`,
          source: data.source,
          table: table.id,
          row: row.id,
          column: column.id,
          quote: object?.quote ?? `${table.title}; ${row.title ?? row.id}; ${column.title ?? column.id}: ` +
              `${file.text(object === undefined ? path : [...path, "value"])}`,
          metric: level.metric ?? missing(place, "a metric"),
          unit: level.unit ?? missing(place, "a unit"),
          n: level.n ?? null,
          spread: object?.spread === undefined
            ? undefined
            : { ...readPrinted(file, [...path, "spread", "value"]), kind: object.spread.kind },
          runs: (object?.runs ?? []).map((_, k) => readPrinted(file, [...path, "runs", k])),
          protocol: level.protocol ?? {},
          method: level.method ?? row.id,
          role: level.role ?? "reported",
          bound: level.bound ?? "exact",
          readingError: level.reading_error,
          dataset: dataset(level.dataset, place),
          reference: reference(level.reference, place),
          at: place,
        });
      });
    });
    return {
      id: table.id,
      source: data.source,
      title: table.title,
      ranking: table.ranking,
      unranked: table.unranked,
      blocks: table.blocks,
      rows: table.rows.map((r) => r.id),
      columns: table.columns.map((c) => c.id),
      at: file.at([...base, "id"]),
    };
  });
  const statements = data.statements.map((s, i): Statement => {
    const at = file.at(["statements", i]);
    return { ...s, source: data.source, reference: reference(s.reference, at), at };
  });
  return {
    id: data.source,
    title: data.title,
    kind: data.kind,
    file: file.file,
    references: [...references.values()],
    epochJitter: data.epoch_jitter,
    tables,
    claims,
    artifacts,
    statements,
    doubts: data.doubts,
  };
}

function readPrinted(file: Positioned, path: Path): Printed {
  const text = file.text(path) ?? "";
  return { value: Number(text), decimals: decimalsOf(text) };
}

function merge(levels: readonly Level[]): Level {
  let protocol: Protocol = {};
  const merged: Record<string, unknown> = {};
  for (const level of levels) {
    protocol = { ...protocol, ...level.protocol };
    for (const [key, value] of Object.entries(level)) if (value !== undefined) merged[key] = value;
  }
  return { ...(merged as Level), protocol };
}

function missing(at: Location, what: string): never {
  throw claimsError(at, `a claim needs ${what}`, "none", "set it on the table, column, row or cell");
}

function checkShape(file: Positioned, base: Path, table: TableFile): void {
  unique(file, [...base, "columns"], table.columns);
  unique(file, [...base, "rows"], table.rows);
  table.rows.forEach((row, r) => {
    if (row.cells.length !== table.columns.length) {
      throw claimsError(
        file.at([...base, "rows", r, "cells"]),
        `row "${row.id}" needs ${table.columns.length} cells, one per column`,
        `${row.cells.length}`,
        "add the missing cells (~ for none) or remove the surplus",
      );
    }
  });
  const check = (key: "unranked" | "blocks", names: readonly string[], known: readonly string[]) =>
    names.forEach((name, i) => {
      if (!known.includes(name)) {
        throw claimsError(
          file.at([...base, key, i]),
          `${key} must name ${key === "unranked" ? "rows" : "columns"} of the table`,
          `"${name}"`,
          suggestion(name, known),
        );
      }
    });
  check("unranked", table.unranked, table.rows.map((r) => r.id));
  check("blocks", table.blocks ?? [], table.columns.map((c: Column) => c.id));
}

function unique(file: Positioned, where: string | Path, items: readonly { id: string }[]): void {
  const seen = new Set<string>();
  items.forEach((item, i) => {
    if (seen.has(item.id)) {
      const path = typeof where === "string" ? [where, i, "id"] : [...where, i, "id"];
      throw claimsError(file.at(path), "ids must differ", `"${item.id}" twice`, "rename one of them");
    }
    seen.add(item.id);
  });
}
