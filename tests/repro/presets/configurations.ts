/** Reads configurations/: what published configurations say, field by field, with the file that says it. */
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const value = z.union([z.number(), z.string(), z.boolean(), z.null()]);
const fieldValue = z.union([value, z.array(value), z.strictObject({})]);
const fields = z.record(z.string(), fieldValue);
export type FieldValue = z.infer<typeof fieldValue>;

const sourceSchema = z.strictObject({
  source: z.string(),
  repository: z.string(),
  revision: z.string(),
  files: z.array(z.strictObject({
    id: z.string(),
    path: z.string(),
    blob: z.string().regex(/^[0-9a-f]{12}$/).exactOptional(),
    at: z.string().exactOptional(),
    note: z.string().exactOptional(),
    fields,
  })),
  configurations: z.array(z.strictObject({
    method: z.string(),
    dataset: z.string(),
    file: z.string(),
    files: z.array(z.string()),
    changes: fields.default({}),
  })),
});

/** One published configuration. */
export interface Configuration {
  readonly source: string;
  readonly repository: string;
  readonly revision: string;
  readonly file: string;
  readonly method: string;
  readonly dataset: string;
  /** Value and file of every field, by dotted name. */
  readonly fields: ReadonlyMap<string, { readonly value: FieldValue; readonly file: string }>;
}

/** The configurations of one source's text. Errors: a field or file that is not there. */
export function parseConfigurations(text: string): readonly Configuration[] {
  const { files, configurations, ...source } = sourceSchema.parse(parse(text));
  const known = new Map(files.map((file) => [file.id, file]));
  if (known.size !== files.length) throw new Error(`${source.source}: two files have one id`);
  const used = new Set(configurations.flatMap((c) => c.files));
  for (const { id } of files) if (!used.has(id)) throw new Error(`${source.source}: nothing uses file ${id}`);
  return configurations.map(({ files: ids, changes, ...configuration }) => {
    const merged = new Map<string, { value: FieldValue; file: string }>();
    for (const id of ids) {
      const file = known.get(id);
      if (!file) throw new Error(`${source.source}: there is no file ${id}`);
      if (file.at !== undefined) {
        for (const name of [...merged.keys()]) if (name.startsWith(`${file.at}.`)) merged.delete(name);
      }
      for (const [name, value] of Object.entries(file.fields)) {
        merged.set(file.at === undefined ? name : `${file.at}.${name}`, { value, file: file.path });
      }
    }
    for (const [name, value] of Object.entries(changes)) {
      if (!merged.has(name)) throw new Error(`${source.source}: ${name} cannot change, no file states it`);
      merged.set(name, { ...merged.get(name)!, value });
    }
    return { ...source, ...configuration, fields: merged };
  });
}

const FOLDER = new URL("../../../configurations/", import.meta.url);

/** Every configuration of configurations/. */
export function allConfigurations(): readonly Configuration[] {
  return readdirSync(FOLDER).filter((name) => name.endsWith(".yaml")).sort()
    .flatMap((name) => parseConfigurations(readFileSync(new URL(name, FOLDER), "utf8")));
}
