/**
 * YAML text with a position for every value: the schema speaks of paths, a reader of an error needs line and column.
 */
import { isMap, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import { AssayError } from "../base/error.ts";
import { nearest } from "../base/nearest.ts";

/** One-based place in a file. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type Path = readonly (string | number)[];

/** A parsed file that can say where each of its values stands and how it was written. */
export interface Positioned {
  readonly file: string;
  readonly value: unknown;
  /** Place of the value at `path`, or of its nearest ancestor that exists. */
  at(path: Path): Location;
  /** Place of the key that ends `path`. */
  keyAt(path: Path): Location;
  /** The characters of a scalar as written (`63.0` keeps its zero); undefined for anything else. */
  text(path: Path): string | undefined;
}

export function formatLocation(l: Location): string {
  return `${l.file}:${l.line}:${l.column}`;
}

/** An error in a claims file: where, and what to do. */
export function claimsError(at: Location, required: string, found: string, wayOut: string): AssayError {
  return new AssayError(`Cannot read claims ${formatLocation(at)}: ${required}, found ${found}; ${wayOut}.`);
}

/** Parses YAML. Throws an AssayError with line and column on the first syntax error or duplicate key. */
export function parsePositioned(file: string, source: string): Positioned {
  const counter = new LineCounter();
  const document = parseDocument(source, { lineCounter: counter, prettyErrors: false });
  const place = (offset: number): Location => {
    const { line, col } = counter.linePos(offset);
    return { file, line, column: col };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    throw claimsError(
      place(error.pos[0]),
      "the file must be YAML 1.2",
      error.message.replace(/\s+/g, " "),
      "correct the text at that place",
    );
  }
  const nodeAt = (path: Path): Node | undefined => document.getIn(path, true) as Node | undefined;
  const at = (path: Path): Location => {
    for (let length = path.length; length >= 0; length--) {
      const range = length === 0 ? document.contents?.range : nodeAt(path.slice(0, length))?.range;
      if (range) return place(range[0]);
    }
    return { file, line: 1, column: 1 };
  };
  return {
    file,
    value: document.toJS(),
    at,
    keyAt(path) {
      const parent = path.length === 1 ? document.contents : nodeAt(path.slice(0, -1));
      const pair = isMap(parent)
        ? parent.items.find((p) => isScalar(p.key) && p.key.value === path.at(-1))
        : undefined;
      const key = pair?.key;
      return isScalar(key) && key.range ? place(key.range[0]) : at(path);
    },
    text(path) {
      const node = nodeAt(path);
      return isScalar(node) ? node.source : undefined;
    },
  };
}

/** Checks a parsed file against a schema; every issue is reported with line and column. */
export function validate<S extends z.ZodType>(file: Positioned, schema: S): z.infer<S> {
  const result = schema.safeParse(file.value);
  if (result.success) return result.data;
  const lines = result.error.issues.flatMap((issue) =>
    describe(file, issue, issue.path as (string | number)[])
  );
  throw new AssayError(
    `Cannot read claims "${file.file}": ${
      lines.length === 1 ? "one entry is" : `${lines.length} entries are`
    } not ` +
      `what the schema requires, found\n${
        lines.map((l) => `  ${l}`).join("\n")
      }\nCorrect each place and try again.`,
  );
}

function describe(file: Positioned, issue: z.core.$ZodIssue, path: (string | number)[]): string[] {
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    // The branch that got furthest is the one that was meant.
    const depth = (branch: z.core.$ZodIssue[]) =>
      Math.max(0, ...branch.map((i) => i.path.length * 2 + rank(i)));
    const meant = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0] ?? [];
    const inner = meant.flatMap((i) => describe(file, i, [...path, ...(i.path as (string | number)[])]));
    if (inner.length > 0) return inner;
  }
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) =>
      `${formatLocation(file.keyAt([...path, key]))}: ${shown(path)} has no key "${key}"`
    );
  }
  return [`${formatLocation(file.at(path))}: ${shown(path)}: ${issue.message}`];
}

/** An unknown key in an object says more than "expected number, received object". */
function rank(issue: z.core.$ZodIssue): number {
  return issue.code === "invalid_type" ? 0 : 1;
}

function shown(path: Path): string {
  return path.length === 0 ? "the file" : path.join(".");
}

/** `did you mean "x"?`, or the list when nothing is near. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? `use one of ${known.join(", ")}` : `did you mean "${near}"`;
}
