/** All sources together, and the patterns by which statements and rules point at cells. */
import type { Claim, Source, Statement } from "./claim.ts";
import { expandSource } from "./expand.ts";
import { claimsError, parsePositioned, suggestion, validate } from "./positions.ts";
import { type DatasetsFile, datasetsFile, sourceFile } from "./schema.ts";

export interface Corpus {
  readonly sources: readonly Source[];
  readonly claims: readonly Claim[];
}

/** A file of the corpus: the name that messages show, and its text. */
export interface ClaimsText {
  readonly file: string;
  readonly text: string;
}

/** Reads `datasets.yaml`. Throws an AssayError with file, line and column. */
export function readDatasets({ file, text }: ClaimsText): DatasetsFile["datasets"] {
  return validate(parsePositioned(file, text), datasetsFile).datasets;
}

/** Reads one source. Throws an AssayError with file, line and column for anything that is not as it must be. */
export function readSource({ file, text }: ClaimsText, datasets: DatasetsFile["datasets"]): Source {
  const positioned = parsePositioned(file, text);
  return expandSource(positioned, validate(positioned, sourceFile), datasets);
}

/** Puts sources together. Throws an AssayError with line and column when a statement's pattern matches no cell. */
export function assemble(sources: readonly Source[]): Corpus {
  const corpus: Corpus = { sources, claims: sources.flatMap((s) => s.claims) };
  for (const source of sources) for (const statement of source.statements) checkPatterns(corpus, statement);
  return corpus;
}

/** Reads every `*.yaml` of a folder. Needs read permission for it. */
export async function loadCorpus(folder: string | URL, shownAs = "claims"): Promise<Corpus> {
  const base = folder instanceof URL ? folder : new URL(`file://${Deno.realPathSync(folder)}/`);
  const names: string[] = [];
  for await (const entry of Deno.readDir(base)) if (entry.name.endsWith(".yaml")) names.push(entry.name);
  const read = async (name: string): Promise<ClaimsText> => ({
    file: `${shownAs}/${name}`,
    text: await Deno.readTextFile(new URL(name, base)),
  });
  const files = await Promise.all(names.filter((n) => n !== "datasets.yaml").sort().map(read));
  const datasets = readDatasets(await read("datasets.yaml"));
  return assemble(files.map((f) => readSource(f, datasets)));
}

/**
 * Claims matched by the patterns, in corpus order. A pattern is `table/row/column`, with `*` for any characters and
 * `source:` in front to reach another source than `home`.
 */
export function select(corpus: Corpus, home: string, patterns: readonly string[]): readonly Claim[] {
  const fits = matcher(home, patterns);
  return corpus.claims.filter((c) => fits(c.id));
}

/** Whether one of the patterns, as written in the source `home`, matches a cell's id `source:table/row/column`. */
export function matcher(home: string, patterns: readonly string[]): (id: string) => boolean {
  const split = patterns.map((p) => (p.includes(":") ? p : `${home}:${p}`).split("*"));
  return (id) => split.some((parts) => fits(parts, id));
}

/** Whether the text is the parts with anything between them; in one pass, however many parts there are. */
function fits(parts: readonly string[], text: string): boolean {
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/** Every list of patterns in a statement. */
export function patternsOf(statement: Statement): readonly string[] {
  const lists = Object.entries(statement.asserts).filter(([key]) =>
    ["cells", "winners", "among", "except", "of", "over", "from", "to"].includes(key)
  );
  return lists.flatMap(([, value]) => value as readonly string[]);
}

function checkPatterns(corpus: Corpus, statement: Statement): void {
  for (const pattern of patternsOf(statement)) {
    if (select(corpus, statement.source, [pattern]).length === 0) {
      const ids = corpus.claims.filter((c) => c.source === statement.source).map((c) => c.id.split(":")[1]!);
      throw claimsError(
        statement.at,
        `statement "${statement.id}" must point at cells that exist`,
        `"${pattern}", which matches none`,
        ids.length > 40
          ? `${suggestion(pattern, ids)} (pattern is table/row/column)`
          : suggestion(pattern, ids),
      );
    }
  }
}
