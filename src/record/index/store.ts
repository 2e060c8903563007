/**
 * The index of runs: a SQLite file that is rebuilt from run folders at any time and never the only copy of anything. A
 * file of another layout is emptied and filled again.
 */
import { resolve, sep } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { failure } from "../../base/error.ts";
import { scanRuns } from "./scan.ts";
import type { RunSummary } from "./summary.ts";

/** Layout of the file; a change of `COLUMNS`, or of what they hold, needs another number. */
const LAYOUT = 2;

/** Columns by field; `values` is JSON. */
const COLUMNS: Readonly<Record<keyof RunSummary, "TEXT" | "INTEGER" | "REAL">> = {
  folder: "TEXT",
  name: "TEXT",
  method: "TEXT",
  dataset: "TEXT",
  seed: "INTEGER",
  status: "TEXT",
  step: "INTEGER",
  steps: "INTEGER",
  loss: "REAL",
  values: "TEXT",
  peakBytes: "INTEGER",
  plannedBytes: "INTEGER",
  stepMs: "REAL",
  seconds: "REAL",
  started: "TEXT",
  spec: "TEXT",
  program: "TEXT",
  state: "TEXT",
  digest: "TEXT",
  adapter: "TEXT",
  adapterClass: "TEXT",
  commit: "TEXT",
  problem: "TEXT",
};
const FIELDS = Object.keys(COLUMNS) as (keyof RunSummary)[];

/** What `list` leaves; each condition must hold. */
export interface RunFilter {
  readonly method?: string | undefined;
  readonly dataset?: string | undefined;
  readonly status?: string | undefined;
}

export class RunIndex {
  readonly #db: DatabaseSync;

  private constructor(readonly path: string, db: DatabaseSync) {
    this.#db = db;
  }

  /** Opens or makes the index. Throws when the file is something else or cannot be written. */
  static open(path: string): RunIndex {
    let db: DatabaseSync | undefined;
    try {
      db = new DatabaseSync(path);
      db.exec("PRAGMA busy_timeout = 5000");
      const [layout] = Object.values(db.prepare("PRAGMA user_version").get()!);
      if (layout !== LAYOUT) {
        const columns = FIELDS.map((name) =>
          `"${name}" ${COLUMNS[name]}${name === "folder" ? " PRIMARY KEY" : ""}`
        );
        db.exec(`BEGIN; DROP TABLE IF EXISTS runs; DROP TABLE IF EXISTS roots;
          CREATE TABLE runs (${columns.join(", ")}) STRICT;
          CREATE TABLE roots (folder TEXT PRIMARY KEY) STRICT;
          PRAGMA user_version = ${LAYOUT}; COMMIT`);
      }
      return new RunIndex(path, db);
    } catch (cause) {
      db?.close();
      const found = cause instanceof Error ? cause.message : String(cause);
      throw failure({
        operation: "open",
        object: `run index "${path}"`,
        required: "it must be a SQLite file in a writable folder",
        found,
        wayOut: /not a database|malformed|corrupt/.test(found)
          ? "if it is an index that was damaged, delete it, and it is made again from the runs; otherwise choose another with --index"
          : "choose another with --index",
      }, cause);
    }
  }

  close(): void {
    this.#db.close();
  }

  /** Folders that were scanned. */
  get roots(): string[] {
    return this.#db.prepare("SELECT folder FROM roots ORDER BY folder").all().map((row) =>
      String(row["folder"])
    );
  }

  /** Replaces what is known of `root` by what lies there now; gives the number of runs. Throws when it is no folder. */
  async scan(root: string): Promise<number> {
    const folder = resolve(root);
    const runs = await scanRuns(folder);
    this.#replace(folder, runs);
    return runs.length;
  }

  /** Scans `root` and every folder scanned before; one that is gone takes its runs along. Gives those that are gone. */
  async refresh(root: string): Promise<string[]> {
    const gone: string[] = [];
    for (const folder of new Set([...this.roots, resolve(root)])) {
      const there = await Deno.stat(folder).then((s) => s.isDirectory, () => false);
      if (there) await this.scan(folder);
      else if (this.roots.includes(folder)) {
        this.#replace(folder, undefined);
        gone.push(folder);
      }
    }
    return gone;
  }

  /** Runs that satisfy the filter, by folder. */
  list(filter: RunFilter = {}): RunSummary[] {
    const wanted = Object.entries(filter).filter(([, value]) => value !== undefined) as [string, string][];
    const where = wanted.length > 0 ? `WHERE ${wanted.map(([name]) => `"${name}" = ?`).join(" AND ")}` : "";
    return this.#db.prepare(`SELECT * FROM runs ${where} ORDER BY folder`).all(...wanted.map(([, v]) => v))
      .map((row) => ({ ...row, values: JSON.parse(String(row["values"])) }) as unknown as RunSummary);
  }

  /** The run of this name or folder. Throws when there is none or more than one. */
  find(wanted: string, folder: string): RunSummary {
    const all = this.list();
    const found = all.filter((run) => run.folder === folder || run.name === wanted);
    const exact = found.find((run) => run.folder === folder);
    if (exact) return exact;
    if (found.length === 1) return found[0]!;
    const names = (found.length > 1 ? found.map((r) => r.folder) : all.map((r) => r.name)).slice(0, 8);
    throw failure({
      operation: "find",
      object: `run "${wanted}"`,
      required: "it must be the name or folder of one indexed run",
      found: found.length > 1 ? `${found.length}: ${names.join(", ")}` : `none among ${all.length} runs`,
      wayOut: found.length > 1
        ? "name its folder"
        : names.length > 0
        ? `choose one such as ${names.join(", ")}`
        : "./run runs scan FOLDER adds what lies there",
    });
  }

  #replace(root: string, runs: readonly RunSummary[] | undefined): void {
    const below = root.endsWith(sep) ? root : root + sep;
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const drop = this.#db.prepare("DELETE FROM runs WHERE folder = ? OR substr(folder, 1, ?) = ?");
      drop.run(root, below.length, below);
      if (runs) this.#db.prepare("INSERT OR IGNORE INTO roots VALUES (?)").run(root);
      else this.#db.prepare("DELETE FROM roots WHERE folder = ?").run(root);
      const insert = this.#db.prepare(
        `INSERT OR REPLACE INTO runs (${FIELDS.map((f) => `"${f}"`).join(", ")}) VALUES (${
          FIELDS.map(() => "?").join(", ")
        })`,
      );
      for (const run of runs ?? []) {
        insert.run(
          ...FIELDS.map((f) => (f === "values" ? JSON.stringify(run.values) : run[f]) as SQLInputValue),
        );
      }
      this.#db.exec("COMMIT");
    } catch (error) {
      this.#db.exec("ROLLBACK");
      throw error;
    }
  }
}
